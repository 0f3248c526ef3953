// SPDX-License-Identifier: Apache-2.0

/// What proves to a registry who is asking. Its descriptions never show the secret.
package struct RegistryCredentials: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The three ways in which registries know a client.
    enum Kind: Hashable {
        case basic(username: String, password: String)
        /// A token that goes to the registry as it is.
        case bearer(String)
        /// A refresh token that the registry's token service exchanges (docker's `identitytoken`).
        case identity(String)
    }

    let kind: Kind

    /// A user's name and password, or an access token in the password's place.
    package init(username: String, password: String) {
        kind = .basic(username: username, password: password)
    }

    private init(_ kind: Kind) {
        self.kind = kind
    }

    /// A token that the registry itself accepts.
    package static func bearer(_ token: String) -> RegistryCredentials {
        RegistryCredentials(.bearer(token))
    }

    /// A token that the registry's token service exchanges for one that the registry accepts.
    package static func identity(_ token: String) -> RegistryCredentials {
        RegistryCredentials(.identity(token))
    }

    package var description: String {
        switch kind {
        case .basic(let username, _): "credentials of \(username)"
        case .bearer: "a bearer token"
        case .identity: "an identity token"
        }
    }

    package var debugDescription: String { description }

    package var customMirror: Mirror { Mirror(self, children: []) }
}
