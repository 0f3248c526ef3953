// SPDX-License-Identifier: Apache-2.0

import ForgeClusterTesting
import ForgeEngine
import ForgeJSON
import ForgeKubernetesClient
import ForgeKubernetesObjects
import ForgeModel
import ForgeTesting
import Logging
import Synchronization
import Testing

@testable import ForgeKubernetes

/// Hosts as Ingresses on a real cluster, and what the platform's own router hears of them.
@Suite(
    .enabled(if: ClusterRun.canRun, "needs a cluster in FORGE_TEST_KUBECONFIG, KUBE_TEST_REGISTRY and busybox-static"),
    .serialized
)
struct KubernetesRouterTests {
    /// A router that only remembers.
    private final class RecordingSink: RoutingSink {
        private let state = Mutex<(routes: [Route], endpoints: [String: [Endpoint]])>(([], [:]))

        func replace(routes: [Route], endpoints: [String: [Endpoint]]) async throws {
            state.withLock { $0 = (routes, endpoints) }
        }

        var routes: [Route] { state.withLock { $0.routes } }
        func endpoints(_ service: String) -> [Endpoint]? { state.withLock { $0.endpoints[service] } }
    }

    private let shop = Sample.app
    private let blog = Sample.name("blog")
    private let image = Sample.image("apps/shop", "a")

    private func route(_ run: ClusterRun, _ app: AppName, _ process: ProcessType = .web) throws -> Route {
        Route(host: try Host("www.\(run.naming.instance).test"), app: app, process: process)
    }

    @Test func `a host is one app's until it is taken away`() async throws {
        try await ClusterRun.with(image: image) { run in
            try await run.cluster.prepare(Space(app: shop))
            let router = KubernetesRouter(cluster: run.cluster)
            let route = try route(run, shop)
            try await router.add(route)
            try await router.add(route)
            #expect(try await router.routes(shop) == [route])
            #expect(try await router.routes(blog) == [])
            let refusal = await #expect(throws: RouterError.self) { try await router.add(try self.route(run, blog)) }
            #expect(refusal?.description == "the host \(route.host) belongs to the app shop; choose another one")
            let moved = try self.route(run, shop, try ProcessType("api"))
            try await router.add(moved)
            #expect(try await router.routes(shop) == [moved])
            // Taking away what is not so any more takes away nothing.
            try await router.remove(route)
            #expect(try await router.routes(shop) == [moved])
            try await router.remove(moved)
            #expect(try await router.routes(shop) == [])
            try await router.remove(moved)
        }
    }

    @Test func `a host of an Ingress that is not ours is refused with its name`() async throws {
        try await ClusterRun.with(image: image) { run in
            try await run.cluster.prepare(Space(app: shop))
            let route = try route(run, shop)
            let backend: JSONValue = ["service": ["name": "x", "port": ["number": 80]]]
            let paths: JSONValue = [["path": "/", "pathType": "Prefix", "backend": backend]]
            let foreign: JSONValue = [
                "apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": ["name": "theirs"],
                "spec": ["rules": [["host": .string(route.host.text), "http": ["paths": paths]]]],
            ]
            try await run.client.create(foreign, resource: Resources.ingress, namespace: run.naming.appsNamespace)
            let router = KubernetesRouter(cluster: run.cluster)
            let refusal = await #expect(throws: RouterError.self) { try await router.add(route) }
            let words = "the host \(route.host) belongs to Ingress/theirs in \(run.naming.appsNamespace)"
            #expect(refusal?.description.hasPrefix(words) == true, "\(refusal as Any)")
            #expect(try await router.routes(shop) == [])
        }
    }

    @Test func `the platform's router hears of hosts and of pods that answer`() async throws {
        try await ClusterRun.with { run in
            let sink = RecordingSink()
            let feed = KubernetesRouterFeed(
                settings: run.cluster.settings,
                client: run.client,
                sink: sink,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await feed.run() }
                defer { group.cancelAll() }
                let router = KubernetesRouter(cluster: run.cluster)
                let web = run.contract.workload(shop, instances: 2)
                #expect(try await run.contract.roll(web) == .complete(ready: 2))
                let route = try route(run, shop)
                try await router.add(route)
                try await eventually("the router knows the host") { sink.routes == [route] }
                try await eventually("the router knows both pods") { sink.endpoints("shop.web")?.count == 2 }
                let old = Set(sink.endpoints("shop.web") ?? [])
                #expect(old.allSatisfy { $0.port == 8080 })
                let next = run.contract.workload(shop, env: ["LEVEL": "debug"], instances: 2)
                #expect(try await run.contract.roll(next, generation: 2) == .complete(ready: 2))
                try await eventually("the router knows the new pods only") {
                    let now = Set(sink.endpoints("shop.web") ?? [])
                    return now.count == 2 && now.isDisjoint(with: old)
                }
                try await router.remove(route)
                try await eventually("the router has forgotten the host") { sink.routes.isEmpty }
            }
        }
    }
}
