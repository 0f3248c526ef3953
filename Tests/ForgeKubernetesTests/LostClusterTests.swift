// SPDX-License-Identifier: Apache-2.0

import ForgeClusterTesting
import ForgeEngine
import ForgeHTTP
import ForgeJSON
import ForgeKubernetesClient
import ForgeKubernetesObjects
import ForgeKubernetesTesting
import ForgeModel
import ForgeTesting
import Foundation
import Testing

@testable import ForgeKubernetes

/// Connections that break, servers that are away, and kinds that may not be read.
@Suite(.enabled(if: ClusterRun.canRun, "needs a cluster in FORGE_TEST_KUBECONFIG"), .serialized)
struct LostClusterTests {
    private let shop = Sample.app
    private let image = Sample.image("apps/shop", "a")

    /// Runs a test with a relay between the adapter and the server.
    private func withRelay(_ body: @escaping @Sendable (ClusterRun, Relay) async throws -> Void) async throws {
        let access = try #require(TestCluster.access)
        let server = try #require(URL(string: access.server))
        let relay = try Relay(to: try #require(server.host()), port: try #require(server.port))
        defer { relay.end() }
        let relayed = KubernetesAccess(
            server: "https://127.0.0.1:\(relay.port)",
            tls: access.tls,
            credentials: access.credentials
        )
        try await ClusterRun.with(image: image, access: relayed) { run in
            try await body(run, relay)
            relay.open()
        }
    }

    private func direct() throws -> KubernetesClient {
        KubernetesClient(access: try #require(TestCluster.access), transport: HTTPTransport())
    }

    @Test func `watches that are cut go on, and miss nothing`() async throws {
        try await withRelay { run, relay in
            let workload = run.contract.workload(shop, image: image)
            _ = try await run.cluster.advance(workload, generation: Generation(number: 1))
            for _ in 0..<3 {
                relay.cut()
                try await direct().delete(
                    Resources.deployment,
                    namespace: run.naming.appsNamespace,
                    name: "shop-web"
                )
                try await eventually("the deletion is seen") {
                    guard let seen = try? await run.cluster.observe(shop) else { return false }
                    return !seen.objects.contains { $0.reference.kind == "Deployment" }
                }
                try await eventually("it is made again") {
                    (try? await run.cluster.advance(workload, generation: Generation(number: 1))) != nil
                }
            }
        }
    }

    @Test func `a server that is away makes the cluster unknown, never empty, and known again when it is back`()
        async throws
    {
        try await withRelay { run, relay in
            let workload = run.contract.workload(shop, image: image)
            _ = try await run.cluster.advance(workload, generation: Generation(number: 1))
            relay.close()
            try await eventually("the cluster is unknown") {
                do {
                    let seen = try await run.cluster.observe(shop)
                    #expect(seen.objects.contains { $0.reference.kind == "Deployment" })
                    return false
                } catch let error as ClusterError {
                    return error.code == .unreachable && error.message.contains("cannot be seen")
                }
            }
            let refusal = await #expect(throws: ClusterError.self) {
                try await run.cluster.advance(workload, generation: Generation(number: 1))
            }
            #expect(refusal?.code == .unreachable)
            try await direct().delete(Resources.service, namespace: run.naming.appsNamespace, name: "shop-web")
            var hints = run.cluster.changes().makeAsyncIterator()
            relay.open()
            #expect(await hints.next() == shop)
            try await eventually("all is known again") { run.isKnown }
            let seen = try await run.cluster.observe(shop).objects.map(\.reference.kind)
            #expect(seen.contains("Deployment") && !seen.contains("Service"))
        }
    }

    @Test func `a kind that may not be read is named, and nothing is done`() async throws {
        try await ClusterRun.with(image: image) { run in
            try await run.cluster.prepare(Space(app: shop))
            let access = try await run.partialAccess(
                rules: [
                    ("apps", ["deployments"]), ("", ["services", "pods", "serviceaccounts", "limitranges"]),
                    ("networking.k8s.io", ["networkpolicies", "ingresses"]), ("batch", ["jobs"]),
                    ("policy", ["poddisruptionbudgets"]),
                ]
            )
            let limited = ClusterRun(
                client: KubernetesClient(access: access, transport: HTTPTransport()),
                settings: run.cluster.settings,
                image: image
            )
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await limited.cluster.run() }
                defer { group.cancelAll() }
                var fault: ClusterError?
                try await eventually("everything was asked for") {
                    guard let connection = try? limited.cluster.connection() else { return false }
                    do { try connection.require(WatchedKind.cluster) } catch let error as ClusterError { fault = error }
                    return connection.caches.allSatisfy { $0.sync != .unsynced }
                }
                let message = fault?.message ?? ""
                #expect(fault?.code == .unreachable)
                #expect(message.contains("may not be read") && message.contains("namespaces"), "\(message)")
                await #expect(throws: ClusterError.self) { try await limited.cluster.observe(shop) }
                await #expect(throws: ClusterError.self) {
                    try await limited.cluster.advance(
                        limited.contract.workload(shop, image: image),
                        generation: Generation(number: 1)
                    )
                }
                let made = try await run.client.get(
                    Resources.deployment,
                    namespace: run.naming.appsNamespace,
                    name: "shop-web"
                )
                #expect(made == nil)
            }
        }
    }
}

extension ClusterRun {
    /// The way to the cluster of somebody who may read some kinds in the namespaces of apps and builds, and nothing else.
    func partialAccess(rules: [(group: String, plurals: [String])]) async throws -> KubernetesAccess {
        let groups: JSONValue = .array(
            rules.map { group, plurals in
                [
                    "apiGroups": [.string(group)], "resources": .array(plurals.map { .string($0) }),
                    "verbs": ["get", "list", "watch"],
                ]
            }
        )
        let namespace = naming.appsNamespace
        func rbac(_ kind: String, _ plural: String, _ content: [String: JSONValue]) async throws {
            let resource = APIResource(
                group: "rbac.authorization.k8s.io",
                version: "v1",
                kind: kind,
                plural: plural,
                isNamespaced: true
            )
            var object = content
            object["apiVersion"] = .string(resource.apiVersion)
            object["kind"] = .string(kind)
            object["metadata"] = ["name": "partial"]
            try await client.create(.object(object), resource: resource, namespace: namespace)
        }
        let account: JSONValue = ["apiVersion": "v1", "kind": "ServiceAccount", "metadata": ["name": "partial"]]
        try await client.create(account, resource: Resources.serviceAccount, namespace: namespace)
        try await rbac("Role", "roles", ["rules": groups])
        try await rbac(
            "RoleBinding",
            "rolebindings",
            [
                "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "partial"],
                "subjects": [["kind": "ServiceAccount", "name": "partial", "namespace": .string(namespace)]],
            ]
        )
        let tokens = APIResource(
            group: "",
            version: "v1",
            kind: "TokenRequest",
            plural: "serviceaccounts/partial/token",
            isNamespaced: true
        )
        let request: JSONValue = ["apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": [:]]
        let answer = try await client.create(request, resource: tokens, namespace: namespace)
        return KubernetesAccess(
            server: client.access.server,
            tls: TLSSettings(authority: client.access.tls.authority),
            credentials: .token(answer["status", "token"]?.string ?? "")
        )
    }
}
