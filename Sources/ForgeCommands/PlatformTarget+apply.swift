// SPDX-License-Identifier: Apache-2.0

import ForgeJSON
import ForgeKubernetesClient
import ForgePlatform
import ForgeRegistry
import FoundationEssentials

extension PlatformTarget {
    /// Applies everything in order; what is as it should be stays untouched by the server.
    func apply(_ installation: PlatformInstallation, _ session: Session) async throws {
        let objects = PlatformObjects(installation)
        for object in objects.namespaces { try await apply(object) }
        for secret in PlatformSecret.all(installation) {
            if try await ensure(secret, installation, session) { session.note("made \(secret)") }
        }
        for object in try objects.all where object.kind != "Namespace" { try await apply(object) }
        for title in try await prune(installation) { session.note("removed \(title), which this installation has not") }
    }

    private func apply(_ object: PlatformObject) async throws {
        let resource = try resource(object.apiVersion, object.kind)
        try await client.apply(object.body, resource: resource, namespace: object.namespace, force: true)
    }

    /// Makes a Secret that is not there, or has not all that it should have; one that is complete is kept, because
    /// others hold what is in it. Credentials that come from the user are brought up to date.
    private func ensure(
        _ secret: PlatformSecret,
        _ installation: PlatformInstallation,
        _ session: Session
    ) async throws -> Bool {
        let kept = try await content(of: secret.name, installation)
        if !secret.isGiven, secret.keys.allSatisfy({ kept[$0] != nil }) { return false }
        let auth = try registryAuth(installation, session.surroundings)
        let content = secret.content(random: Self.random, registryAuth: auth)
        try await apply(secret.object(content, in: installation))
        return kept.isEmpty
    }

    /// The first user's token.
    func token(_ installation: PlatformInstallation) async throws -> String? {
        try await content(of: "forge-admin", installation)["token"]
    }

    private func content(of name: String, _ installation: PlatformInstallation) async throws -> [String: String] {
        let secret = try await client.get(
            try resource("v1", "Secret"),
            namespace: installation.namespaces.system,
            name: name
        )
        return (secret?["data"]?.object ?? [:]).compactMapValues { value in
            value.string.flatMap { Data(base64Encoded: $0) }.map { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// The user's credentials for an external registry, as builds are given them.
    private func registryAuth(_ installation: PlatformInstallation, _ surroundings: Surroundings) throws -> String? {
        guard case .external(let host, _, true) = installation.registry,
            let credentials = try Keychain(environment: surroundings.environment).credentials(for: host)
        else { return nil }
        let document = try JSONEncoder().encode([host: credentials.headerValue])
        return String(decoding: document, as: UTF8.self)
    }

    /// 32 bytes of the system's generator as hexadecimal digits.
    private static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: (0..<64).map { _ in digits[Int.random(in: 0..<16, using: &generator)] },
            as: UTF8.self
        )
    }
}
