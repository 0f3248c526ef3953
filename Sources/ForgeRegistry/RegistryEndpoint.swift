// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP

/// Where a registry is and how it is spoken to.
package struct RegistryEndpoint: Sendable, Hashable {
    /// Whether TLS is used.
    package enum Scheme: String, Sendable {
        case http, https
    }

    /// Host and port as in image references: `localhost:5000`, `docker.io`.
    package let host: String
    package let scheme: Scheme

    /// - Parameters:
    ///   - host: with its port, if it has one.
    ///   - insecure: hosts that the user allows to be spoken to without TLS. Without that, only loopback, private
    ///     addresses (RFC 1918), `localhost`, `*.localhost` and `*.local` are, as go-containerregistry does.
    package init(_ host: String, insecure: some Sequence<String> = []) {
        self.host = host
        scheme = insecure.contains(host) || Self.isLocal(host) ? .http : .https
    }

    /// `https://host`, where requests go: Docker Hub's references name another host than its API has.
    var origin: String {
        "\(scheme.rawValue)://\(Self.dockerHubNames.contains(host) ? "registry-1.docker.io" : host)"
    }

    /// Whether credentials for this registry may be sent to `url`.
    func owns(_ url: String) -> Bool {
        url.lowercased().hasPrefix(origin.lowercased() + "/")
    }

    /// The names under which Docker Hub is known in references and in docker's configuration.
    static let dockerHubNames: Set<String> = ["docker.io", "index.docker.io", "registry-1.docker.io"]

    private static func isLocal(_ host: String) -> Bool {
        let name = URLHost("http://" + host)
        if name.isLoopback || name.name.hasSuffix(".local") { return true }
        guard let address = name.ipv4 else { return false }
        return address[0] == 10 || (address[0] == 172 && (16...31).contains(address[1]))
            || (address[0] == 192 && address[1] == 168)
    }
}
