// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
import Foundation
import Testing

@testable import ForgeKubernetesClient

/// The forms that a kubeconfig may have.
@Suite struct KubeconfigTests {
    /// Reads one file as kubectl would.
    private func access(_ text: String, context: String? = nil) throws -> KubernetesAccess {
        var kubeconfig = Kubeconfig()
        try kubeconfig.merge(Array(text.utf8), path: "/conf/config")
        return try kubeconfig.access(context: context)
    }

    /// A kubeconfig of one context, with what a test adds to its cluster and its user.
    private func file(cluster: String = "server: https://a:6443", user: String = "{}") -> String {
        """
        apiVersion: v1
        kind: Config
        current-context: c
        contexts: [{name: c, context: {cluster: k, user: u, namespace: apps}}]
        clusters: [{name: k, cluster: {\(cluster)}}]
        users: [{name: u, user: \(user)}]
        """
    }

    private func mistake(_ text: String, context: String? = nil) -> String? {
        let error = #expect(throws: KubernetesError.self) { _ = try access(text, context: context) }
        #expect(error?.code == .configuration)
        return error?.message
    }

    @Test func `cluster, user and namespace of the current context`() throws {
        let access = try access(
            file(
                cluster: "server: 'https://a:6443/k/', certificate-authority-data: cGVt, tls-server-name: kubernetes, "
                    + "proxy-url: 'http://p:3128'",
                user: "{client-certificate-data: Y2VydA==, client-key-data: a2V5}"
            )
        )
        let tls = TLSSettings(
            authority: .bytes(Array("pem".utf8)),
            clientCertificate: .bytes(Array("cert".utf8)),
            key: .bytes(Array("key".utf8)),
            serverName: "kubernetes"
        )
        #expect(
            access
                == KubernetesAccess(
                    server: "https://a:6443/k",
                    tls: tls,
                    namespace: "apps",
                    proxy: "http://p:3128",
                    context: "c"
                )
        )
    }

    @Test(arguments: [
        ("{token: abc}", KubernetesAccess.Credentials.token("abc")),
        ("{tokenFile: /dev/null, token: abc}", .tokenFile("/dev/null")),
        ("{username: me, password: pw}", .password(user: "me", password: "pw")),
        ("{username: me}", .password(user: "me", password: "")),
        ("{}", .none), ("null", .none), ("{token: ''}", .none),
    ])
    func `ways to identify oneself`(user: String, credentials: KubernetesAccess.Credentials) throws {
        #expect(try access(file(user: user)).credentials == credentials)
    }

    @Test func `an exec plugin, told of its cluster`() throws {
        let exec = """
            {exec: {apiVersion: client.authentication.k8s.io/v1, command: ./bin/login, args: [--now, 7],
              env: [{name: A, value: b}], interactiveMode: Never, provideClusterInfo: true, installHint: get it}}
            """
        let cluster = """
            server: https://a, insecure-skip-tls-verify: true, extensions: [{name: client.authentication.k8s.io/exec,
              extension: {audience: x, port: 7, quoted: '7'}}]
            """
        let info = """
            {"config":{"audience":"x","port":7,"quoted":"7"},"insecure-skip-tls-verify":true,"server":"https://a"}
            """
        let plugin = ExecPlugin(
            apiVersion: "client.authentication.k8s.io/v1",
            command: "/conf/./bin/login",
            arguments: ["--now", "7"],
            environment: ["A": "b"],
            interactiveMode: .never,
            clusterInfo: Array(info.utf8),
            installHint: "get it"
        )
        let access = try access(file(cluster: cluster, user: exec))
        #expect(access.credentials == .plugin(plugin))
        #expect(access.tls.verify == false)
    }

    @Test func `of several files the first counts for each entry and setting`() throws {
        var kubeconfig = Kubeconfig()
        let first = """
            contexts: [{name: c, context: {cluster: k}}]
            clusters: [{name: k, cluster: {server: https://first}}]
            """
        let second = """
            current-context: d
            contexts: [{name: c, context: {cluster: other}}, {name: d, context: {cluster: k, user: u}}]
            clusters: [{name: k, cluster: {server: https://second}}]
            users: [{name: u, user: {token: t}}]
            """
        try kubeconfig.merge(Array(first.utf8), path: "/1")
        try kubeconfig.merge(Array(second.utf8), path: "/2")
        try kubeconfig.merge([], path: "/3")
        let access = try kubeconfig.access(context: nil)
        #expect(access.server == "https://first")
        #expect(access.credentials == .token("t"))
        #expect(try kubeconfig.access(context: "c").server == "https://first")
    }

    @Test func `a mistake is told with file, line and remedy`() {
        for (text, message) in [
            (file(cluster: "server: a:6443"), "/conf/config:5: cluster \"k\": server must begin with https://"),
            (file(cluster: "x: y"), "/conf/config:5: cluster \"k\": it has no server"),
            (
                file(cluster: "server: https://a, certificate-authority-data: '%'"),
                "/conf/config:5: cluster \"k\": certificate-authority-data is not base64"
            ),
            (
                file(cluster: "server: https://a, certificate-authority: missing.crt"),
                "/conf/config:5: cluster \"k\": certificate-authority: /conf/missing.crt does not exist"
            ),
            (
                file(user: "{client-certificate-data: YQ==}"),
                "/conf/config:6: user \"u\": client-certificate and client-key belong together: one of them is missing"
            ),
            (
                file(user: "{as: root}"),
                "/conf/config:6: user \"u\": as: acting as somebody else is not supported; "
                    + "use that user's own credentials"
            ),
            (
                file(user: "{auth-provider: {name: gcp}}"),
                "/conf/config:6: user \"u\": auth-provider has been removed from Kubernetes; "
                    + "use an exec plugin (exec:)"
            ),
            (
                file(user: "{exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: a}}"),
                "/conf/config:6: user \"u\": exec: apiVersion must be client.authentication.k8s.io/v1 or "
                    + "client.authentication.k8s.io/v1beta1; update the plugin"
            ),
            ("contexts: []", "/conf/config has no current-context; choose one with kubectl config use-context"),
            (
                "current-context: x\ncontexts: [{name: b, context: {}}, {name: a, context: {}}]",
                "no context \"x\" in /conf/config; there are: a, b"
            ),
            ("current-context: [", "/conf/config:2: expected a value"),
            ("- a", "/conf/config:1: a kubeconfig must be a mapping"),
            ("clusters: x", "/conf/config:1: kubeconfig: clusters must be a list"),
        ] {
            #expect(mistake(text)?.hasPrefix(message) == true, "\(mistake(text) ?? "") instead of \(message)")
        }
    }

    @Test func `a mistake in an entry that is not used harms nobody`() throws {
        let text = file() + "\n" + "preferences: {}\nextensions: [{name: x, extension: {}}]"
        let broken = text.replacing("users: [", with: "users: [{name: broken, user: {as: root}}, ")
        #expect(try access(broken).server == "https://a:6443")
    }

    @Test func `files are found as kubectl finds them`() throws {
        let folder = NSTemporaryDirectory() + "forge-kubeconfig-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder + "/.kube", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try "token".write(toFile: "\(folder)/.kube/token", atomically: true, encoding: .utf8)
        try file(user: "{tokenFile: token}").write(toFile: "\(folder)/.kube/config", atomically: true, encoding: .utf8)
        let fromHome = try KubernetesAccess.load(environment: ["HOME": folder])
        #expect(fromHome.credentials == .tokenFile("\(folder)/.kube/token"))
        let named = "\(folder)/missing:\(folder)/.kube/config"
        let fromVariable = try KubernetesAccess.load(environment: ["KUBECONFIG": named, "HOME": "/nowhere"])
        #expect(fromVariable == fromHome)
        for environment in [["KUBECONFIG": "\(folder)/missing", "HOME": folder], ["HOME": "/nowhere"]] {
            let error = #expect(throws: KubernetesError.self) {
                _ = try KubernetesAccess.load(environment: environment)
            }
            #expect(error?.code == .configuration)
        }
    }

    @Test func `in a pod the service account is used, and its token is read again`() async throws {
        let folder = NSTemporaryDirectory() + "forge-account-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for (name, text) in [("token", "one\n"), ("ca.crt", "pem"), ("namespace", "forge-system\n")] {
            try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
        }
        let environment = ["KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443"]
        let access = try KubernetesAccess.inCluster(environment: environment, folder: folder)
        #expect(access.server == "https://[fd00::1]:443")
        #expect(access.namespace == "forge-system")
        #expect(access.tls.authority == .file("\(folder)/ca.crt"))
        let source = CredentialSource(access.credentials)
        #expect(try await source.identity().authorization == "Bearer one")
        try "two".write(toFile: "\(folder)/token", atomically: true, encoding: .utf8)
        #expect(try await source.identity().authorization == "Bearer two")
        #expect(throws: KubernetesError.self) {
            _ = try KubernetesAccess.inCluster(environment: environment, folder: "\(folder)/missing")
        }
    }
}
