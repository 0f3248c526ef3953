// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// A user of a registry. Printed without the password.
package struct RegistryCredentials: Sendable, CustomStringConvertible, CustomReflectable {
    /// The registry's host and port, as images name it.
    package let host: String
    /// The user.
    package let username: String
    private let password: String

    /// Holds a user of a registry.
    package init(host: String, username: String, password: String) {
        self.host = host
        self.username = username
        self.password = password
    }

    /// The user and the registry, never the password.
    package var description: String { "\(username) at \(host)" }
    /// Keeps the password out of dumps.
    package var customMirror: Mirror { Mirror(self, children: ["username": username, "host": host]) }

    /// The value of podman's `X-Registry-Auth` header: JSON in base64 with the URL alphabet.
    func authHeader() throws -> String {
        let json = try JSONEncoder().encode(["username": username, "password": password])
        return json.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
    }

    /// The value of `CNB_REGISTRY_AUTH` (Platform API, Registry Authentication).
    func buildpacksAuth() throws -> [UInt8] {
        let basic = Data("\(username):\(password)".utf8).base64EncodedString()
        return Array(try JSONEncoder().encode([host: "Basic \(basic)"]))
    }
}
