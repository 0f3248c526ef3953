// SPDX-License-Identifier: Apache-2.0

import ForgePlatform
import ForgeSupervisor
import FoundationEssentials
import Glibc

/// The files that a role on a cluster is started with.
enum ClusterFiles {
    /// The settings; throws ``SupervisorError`` that names the file.
    static func settings(_ path: String) throws -> PlatformSettings {
        guard let bytes = try StateFile.read(path) else {
            throw SupervisorError(.unavailable, "there are no settings in '\(path)'")
        }
        do {
            return try JSONDecoder().decode(PlatformSettings.self, from: Data(bytes))
        } catch {
            throw SupervisorError(
                .invalid,
                "'\(path)' is not the settings of this version's platform; forge platform install writes them"
            )
        }
    }
}

extension ClusterFiles {
    /// The certificates in the settings' folder, as PEM; nil when there are none.
    static func certificates(beside settings: String) throws -> String? {
        let folder = settings.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        return try StateFile.read("\(folder.isEmpty ? "." : folder)/\(PlatformSettings.certificatesName)")
            .map { String(decoding: $0, as: UTF8.self) }
    }
}

/// What a role must prove to others; printed as nothing.
struct ClusterSecrets: Sendable, CustomStringConvertible {
    private let values: [PlatformSecretFile: String]

    /// From a folder with a file for each, else from the environment.
    init(folder: String?, environment: [String: String]) throws {
        var values: [PlatformSecretFile: String] = [:]
        for secret in PlatformSecretFile.allCases {
            let bytes = try folder.flatMap { try StateFile.read("\($0)/\(secret.rawValue)") }
            let text = bytes.map { String(decoding: $0, as: UTF8.self) } ?? environment[Self.variable(secret)]
            if let text, !text.isEmpty {
                values[secret] = text.split(whereSeparator: \.isNewline).first.map(String.init)
            }
        }
        self.values = values
    }

    /// One secret; nil where there is none.
    subscript(_ secret: PlatformSecretFile) -> String? { values[secret] }

    var description: String { "secrets" }

    private static func variable(_ secret: PlatformSecretFile) -> String {
        switch secret {
        case .redisPassword: "FORGE_REDIS_PASSWORD"
        case .adminToken: "FORGE_ADMIN_TOKEN"
        case .registryAuth: "CNB_REGISTRY_AUTH"
        }
    }
}
