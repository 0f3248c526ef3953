// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
import ForgeJSON
import ForgeKubernetesTesting
import Foundation
import Testing

@testable import ForgeKubernetesClient

/// Programs that tell credentials.
@Suite struct ExecPluginTests {
    private static let version = "client.authentication.k8s.io/v1"

    /// A shell script as a plugin; `$COUNT` is a file that it may write to.
    private func plugin(_ script: String, count: String = "/dev/null") -> ExecPlugin {
        ExecPlugin(
            apiVersion: Self.version,
            command: "sh",
            arguments: ["-c", script],
            environment: ["COUNT": count],
            installHint: "install a shell"
        )
    }

    private static func answer(_ status: String) -> String {
        "echo '{\"apiVersion\":\"\(version)\",\"kind\":\"ExecCredential\",\"status\":{\(status)}}'"
    }

    /// Runs a test with a file whose lines count the runs of a plugin.
    private func withCount(_ body: (String, () -> Int) async throws -> Void) async throws {
        let path = NSTemporaryDirectory() + "forge-plugin-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(path) {
            let text = try? String(contentsOfFile: path, encoding: .utf8)
            return text?.split(separator: "\n").count ?? 0
        }
    }

    @Test func `a token is kept until it runs out, and many calls at once ask once`() async throws {
        try await withCount { path, count in
            let script =
                "echo x >>$COUNT; " + Self.answer("\"token\":\"t\",\"expirationTimestamp\":\"2999-01-01T00:00:00Z\"")
            let source = CredentialSource(.plugin(plugin(script, count: path)))
            try await withThrowingTaskGroup(of: Identity.self) { group in
                for _ in 1...8 { group.addTask { try await source.identity() } }
                for try await identity in group { #expect(identity.authorization == "Bearer t") }
            }
            #expect(count() == 1)
            // The server refuses it: it is asked for again, but not for what was refused before it.
            #expect(await source.mayRenew(Identity(authorization: "Bearer older")))
            _ = try await source.identity()
            #expect(count() == 1)
            #expect(await source.mayRenew(Identity(authorization: "Bearer t")))
            _ = try await source.identity()
            #expect(count() == 2)
        }
    }

    @Test func `a token that has run out is asked for again`() async throws {
        try await withCount { path, count in
            let script =
                "echo x >>$COUNT; " + Self.answer("\"token\":\"t\",\"expirationTimestamp\":\"2001-01-01T00:00:00Z\"")
            let source = CredentialSource(.plugin(plugin(script, count: path)))
            _ = try await source.identity()
            _ = try await source.identity()
            #expect(count() == 2)
        }
    }

    @Test func `a plugin may tell a client certificate`() async throws {
        let script = Self.answer("\"clientCertificateData\":\"c\",\"clientKeyData\":\"k\"")
        let identity = try await CredentialSource(.plugin(plugin(script))).identity()
        #expect(identity == Identity(certificate: .bytes(Array("c".utf8)), key: .bytes(Array("k".utf8))))
    }

    @Test func `a plugin is told what is wanted of it`() async throws {
        try await withCount { path, _ in
            let script = "printf %s \"$KUBERNETES_EXEC_INFO\" >$COUNT; " + Self.answer("\"token\":\"t\"")
            let told = ExecPlugin(
                apiVersion: Self.version,
                command: "sh",
                arguments: ["-c", script],
                environment: ["COUNT": path],
                clusterInfo: Array("{\"server\":\"https://a\"}".utf8)
            )
            _ = try await told.credential()
            let expected =
                "{\"apiVersion\":\"\(Self.version)\",\"kind\":\"ExecCredential\","
                + "\"spec\":{\"cluster\":{\"server\":\"https://a\"},\"interactive\":false}}"
            #expect(try String(contentsOfFile: path, encoding: .utf8) == expected)
        }
    }

    @Test(arguments: [
        ("echo no >&2; echo please log in >&2; exit 3", "it ended with exited(3): please log in"),
        ("echo secret", "its output is not JSON"), ("echo '{}'", "its output is no ExecCredential"),
        (
            "echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1beta1\"}'",
            "its output is not of apiVersion client.authentication.k8s.io/v1"
        ),
        (answer(""), "its output has neither a token nor a client certificate"),
        (answer("\"token\":\"t\",\"expirationTimestamp\":\"soon\""), "its expirationTimestamp is no time"),
        ("head -c 2000000 /dev/zero", "it prints more than 1048576 bytes"),
    ])
    func `a plugin that fails is named with the reason`(script: String, reason: String) async {
        let error = await #expect(throws: KubernetesError.self) { _ = try await plugin(script).credential() }
        #expect(error?.code == .configuration)
        #expect(error?.message.hasPrefix("the credential plugin sh: \(reason)") == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("secret") == false)
    }

    @Test func `a plugin that is not there, or wants a person`() async {
        let missing = ExecPlugin(apiVersion: Self.version, command: "forge-no-such-program", installHint: "get it at x")
        var error = await #expect(throws: KubernetesError.self) { _ = try await missing.credential() }
        #expect(error?.message == "the credential plugin forge-no-such-program: it cannot be started; get it at x")
        let asking = ExecPlugin(apiVersion: Self.version, command: "true", interactiveMode: .always)
        error = await #expect(throws: KubernetesError.self) { _ = try await asking.credential() }
        #expect(error?.message.contains("interactiveMode: Always") == true)
    }

    @Test(arguments: [
        ("1970-01-01T00:00:10Z", 10.0), ("1970-01-01T00:00:10.25Z", 10), ("1970-01-01T01:00:10+01:00", 10),
        ("soon", nil), ("", nil),
    ])
    func `times are read as RFC 3339 writes them`(text: String, seconds: Double?) {
        #expect(ExecCredential.date(text)?.timeIntervalSince1970 == seconds)
    }

    @Test(.enabled(if: TestCluster.access != nil, "needs a cluster in FORGE_TEST_KUBECONFIG"))
    func `a plugin's token opens a real cluster, and a new one is asked for when the server refuses it`() async throws {
        try await TestCluster.withNamespace { client, namespace in
            let access = try await TestCluster.access(as: "nobody", namespace: namespace, client: client)
            guard case .token(let token) = access.credentials else { return }
            try await withCount { path, count in
                let script =
                    "echo x >>$COUNT; if [ $(wc -l <$COUNT) = 1 ]; then \(Self.answer("\"token\":\"wrong\"")); "
                    + "else \(Self.answer("\"token\":\"\(token)\"")); fi"
                let asker = KubernetesClient(
                    access: KubernetesAccess(
                        server: access.server,
                        tls: access.tls,
                        credentials: .plugin(plugin(script, count: path))
                    ),
                    transport: TestCluster.transport
                )
                let mayGet = try await asker.canI("get", Sample.configMaps, namespace: namespace)
                #expect(!mayGet)
                #expect(count() == 2)
            }
        }
    }
}
