// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc

/// Credentials by registry host, from the places where container tools keep them.
package struct Keychain: Sendable {
    /// Bytes of a docker configuration or `CNB_REGISTRY_AUTH`.
    private static let limit = 1 << 20

    private var byHost: [String: RegistryCredentials] = [:]

    /// The credentials that a process was given: `CNB_REGISTRY_AUTH`, then docker's `config.json` in
    /// `DOCKER_CONFIG` or `~/.docker` (buildpacks platform spec, "Registry Authentication"). Credential helpers of the
    /// docker configuration are not run. A file that does not exist holds nothing.
    /// - Throws: `RegistryError` naming the source that cannot be read, never its content.
    package init(environment: [String: String]) throws {
        if let folder = environment["DOCKER_CONFIG"] {
            try readDockerConfig(at: folder + "/config.json")
        } else if let home = environment["HOME"], access(home + "/.docker/config.json", R_OK) == 0 {
            // Nobody named this one: a build user whose home is not its own has none.
            try readDockerConfig(at: home + "/.docker/config.json")
        }
        if let text = environment["CNB_REGISTRY_AUTH"], !text.isEmpty { try readRegistryAuth(text) }
    }

    /// The credentials for `host`, given as in image references.
    package func credentials(for host: String) -> RegistryCredentials? {
        byHost[Self.normalized(host)]
    }

    private mutating func readRegistryAuth(_ text: String) throws {
        guard text.utf8.count <= Self.limit,
            let values = try? JSONDecoder().decode([String: String].self, from: Data(text.utf8))
        else {
            throw RegistryError(
                .invalidConfiguration,
                "CNB_REGISTRY_AUTH is not a JSON object of host and header value"
            )
        }
        for (host, value) in values {
            guard let credentials = RegistryCredentials(headerValue: value) else {
                throw RegistryError(
                    .invalidConfiguration,
                    "CNB_REGISTRY_AUTH has no 'Basic', 'Bearer' or 'X-Identity' value for \(host)"
                )
            }
            byHost[Self.normalized(host)] = credentials
        }
    }

    /// docker's configuration, as far as it holds credentials.
    private struct DockerConfig: Decodable {
        /// One registry's credentials, in whichever of docker's forms.
        struct Entry: Decodable {
            var auth: String?
            var username: String?
            var password: String?
            var identitytoken: String?
            var registrytoken: String?

            var credentials: RegistryCredentials? {
                if let registrytoken, !registrytoken.isEmpty { return .bearer(registrytoken) }
                if let identitytoken, !identitytoken.isEmpty { return .identity(identitytoken) }
                if let auth, !auth.isEmpty { return RegistryCredentials(base64: auth) }
                guard let username, let password else { return nil }
                return RegistryCredentials(username: username, password: password)
            }
        }

        var auths: [String: Entry]?
    }

    private mutating func readDockerConfig(at path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 || (errno != ENOENT && errno != ENOTDIR) else { return }
        guard status.st_size <= Self.limit, let data = FileManager.default.contents(atPath: path) else {
            throw RegistryError(.invalidConfiguration, "\(path) cannot be read, or has more than \(Self.limit) bytes")
        }
        guard let config = try? JSONDecoder().decode(DockerConfig.self, from: data) else {
            throw RegistryError(.invalidConfiguration, "\(path) is not a docker configuration in JSON")
        }
        for (host, entry) in config.auths ?? [:] {
            if let credentials = entry.credentials { byHost[Self.normalized(host)] = credentials }
        }
    }

    /// docker's keys may be URLs with an API path: `https://index.docker.io/v1/`.
    private static func normalized(_ key: String) -> String {
        let afterScheme = key.firstRange(of: "://").map { key[$0.upperBound...] } ?? key[...]
        let host = afterScheme.prefix { $0 != "/" }.lowercased()
        return RegistryEndpoint.dockerHubNames.contains(host) ? "docker.io" : host
    }
}
