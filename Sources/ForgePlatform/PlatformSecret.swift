// SPDX-License-Identifier: Apache-2.0

import ForgeJSON
import FoundationEssentials

/// A Secret of the platform: made once, by whoever applies the installation, and never printed.
package struct PlatformSecret: Hashable, Sendable, CustomStringConvertible {
    /// Its name.
    package let name: String
    /// The keys that it has, sorted.
    package let keys: [String]
    private let make: Make

    private enum Make: Hashable, Sendable {
        case redis
        case admin
        case registry(host: String)
        case externalRegistry
    }

    /// Whether the content comes from the user, and not from chance.
    package var isGiven: Bool { make == .externalRegistry }

    /// The Secrets of an installation, in order.
    package static func all(_ installation: PlatformInstallation) -> [PlatformSecret] {
        var secrets = [
            PlatformSecret(name: "forge-admin", keys: ["token"], make: .admin),
            PlatformSecret(name: "forge-redis", keys: ["auth.conf", "password"], make: .redis),
        ]
        switch installation.registry {
        case .external(_, _, true):
            secrets.append(PlatformSecret(name: "forge-registry", keys: ["auth.json"], make: .externalRegistry))
        case .external: break
        case .own:
            secrets.append(
                PlatformSecret(
                    name: "forge-registry",
                    keys: ["auth.json", "password", "proxy.conf"],
                    make: .registry(host: installation.registryAddresses.push)
                )
            )
        }
        return secrets
    }

    /// The content.
    ///
    /// - Parameters:
    ///   - random: 64 hexadecimal digits that nobody knows, other ones in each call.
    ///   - registryAuth: the credentials for an external registry, as CNB_REGISTRY_AUTH has them.
    package func content(random: () -> String, registryAuth: String?) -> [String: String] {
        switch make {
        case .admin: return ["token": "forge_" + random()]
        case .redis:
            let password = random()
            return ["password": password, "auth.conf": "requirepass \(password)\n"]
        case .externalRegistry: return ["auth.json": registryAuth ?? "{}"]
        case .registry(let host):
            let password = random()
            let pair = Data("forge:\(password)".utf8).base64EncodedString()
            return [
                "password": password, "auth.json": "{\"\(host)\":\"Basic \(pair)\"}",
                "proxy.conf": "proxy_set_header Authorization \"Basic \(pair)\";\n",
            ]
        }
    }

    /// The object with its content.
    package func object(_ content: [String: String], in installation: PlatformInstallation) -> PlatformObject {
        PlatformObjects(installation).system(
            "v1",
            "Secret",
            name,
            ["type": "Opaque", "stringData": .object(content.mapValues { .string($0) })]
        )
    }

    /// `Secret forge-admin (token)`.
    package var description: String { "Secret \(name) (\(keys.joined(separator: ", ")))" }
}
