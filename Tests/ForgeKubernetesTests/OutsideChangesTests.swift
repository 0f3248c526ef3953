// SPDX-License-Identifier: Apache-2.0

import ForgeClusterTesting
import ForgeEngine
import ForgeJSON
import ForgeKubernetesClient
import ForgeKubernetesObjects
import ForgeModel
import ForgeTesting
import Testing

@testable import ForgeKubernetes

/// What others do to our objects on a real cluster, and what they have that we must not touch. No pod has to run.
@Suite(.enabled(if: ClusterRun.canRun, "needs a cluster in FORGE_TEST_KUBECONFIG"), .serialized)
struct OutsideChangesTests {
    private let shop = Sample.app
    private let image = Sample.image("apps/shop", "a")

    private func deployment(_ run: ClusterRun) async throws -> JSONValue? {
        try await run.client.get(Resources.deployment, namespace: run.naming.appsNamespace, name: "shop-web")
    }

    private func advance(_ run: ClusterRun, instances: Int = 1) async throws -> Workload {
        let workload = run.contract.workload(shop, instances: instances, image: image)
        _ = try await run.cluster.advance(workload, generation: Generation(number: 1))
        return workload
    }

    private func seen(_ run: ClusterRun, _ kind: String) async throws -> NativeObject? {
        try await run.cluster.observe(shop).objects.first { $0.reference.kind == kind }
    }

    @Test func `what is as it should be is not written again`() async throws {
        try await ClusterRun.with(image: image) { run in
            _ = try await advance(run, instances: 2)
            // Those that no controller writes a status to.
            let kinds: [WatchedKind] = [.service, .serviceAccount, .networkPolicy]
            func versions() throws -> [String] {
                let connection = try run.cluster.connection()
                return kinds.flatMap { connection.caches($0) }.flatMap { $0.objects(of: shop) }.map(\.resourceVersion)
                    .sorted()
            }
            let before = try versions()
            let generation = try await deployment(run)?["metadata", "generation"]
            for _ in 0..<5 { _ = try await advance(run, instances: 2) }
            #expect(try versions() == before && before.count == 3)
            #expect(try await deployment(run)?["metadata", "generation"] == generation)
        }
    }

    @Test func `a Deployment that somebody deleted is told at once, and made again`() async throws {
        try await ClusterRun.with(image: image) { run in
            _ = try await advance(run)
            var hints = run.cluster.changes().makeAsyncIterator()
            try await run.client.delete(
                Resources.deployment,
                namespace: run.naming.appsNamespace,
                name: "shop-web"
            )
            #expect(await hints.next() == shop)
            try await eventually("it is seen to be gone") { try await seen(run, "Deployment") == nil }
            _ = try await advance(run)
            #expect(try await seen(run, "Deployment") != nil)
        }
    }

    @Test func `who scaled a Deployment is told, and it is scaled back`() async throws {
        try await ClusterRun.with(image: image) { run in
            let workload = try await advance(run)
            let scaler = run.writer("somebody")
            let scaled: JSONValue = [
                "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "shop-web"],
                "spec": ["replicas": 3],
            ]
            try await scaler.apply(
                scaled,
                resource: Resources.deployment,
                namespace: run.naming.appsNamespace,
                force: true
            )
            try await eventually("it is seen") {
                try await seen(run, "Deployment")?.owners["instances"]?.manager == "somebody"
            }
            let wanted = run.cluster.dialect.encode(.workload(workload)).first
            #expect(try await seen(run, "Deployment")?.fields != wanted?.fields)
            _ = try await advance(run)
            #expect(try await seen(run, "Deployment")?.fields == wanted?.fields)
            #expect(try await deployment(run)?["spec", "replicas"] == 1)
        }
    }

    @Test func `somebody else's Deployment of the same name is left alone, and named`() async throws {
        try await ClusterRun.with(image: image) { run in
            try await run.cluster.prepare(Space(app: shop))
            let pod: JSONValue = [
                "metadata": ["labels": ["x": "y"]], "spec": ["containers": [["name": "c", "image": "none"]]],
            ]
            let foreign: JSONValue = [
                "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "shop-web"],
                "spec": ["replicas": 0, "selector": ["matchLabels": ["x": "y"]], "template": pod],
            ]
            let made = try await run.client.create(
                foreign,
                resource: Resources.deployment,
                namespace: run.naming.appsNamespace
            )
            let error = await #expect(throws: ClusterError.self) { try await advance(run) }
            #expect(error?.code == .refused)
            let place = "Deployment/shop-web in \(run.naming.appsNamespace)"
            #expect(error?.message.hasPrefix("\(place) exists and is not shop's; remove it") == true, "\(error as Any)")
            let after = try await deployment(run)
            #expect(after?["spec"] == made["spec"] && after?["metadata", "uid"] == made["metadata", "uid"])
            #expect(try await seen(run, "Deployment") == nil)
        }
    }

    @Test func `a writer that never rests does not keep us from writing`() async throws {
        try await ClusterRun.with(image: image) { run in
            _ = try await advance(run)
            let pest = run.writer("pest")
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    var count = 0
                    while !Task.isCancelled {
                        count += 1
                        let noise: JSONValue = [
                            "apiVersion": "apps/v1", "kind": "Deployment",
                            "metadata": ["name": "shop-web", "annotations": ["noise": .string("\(count)")]],
                        ]
                        try await pest.apply(
                            noise,
                            resource: Resources.deployment,
                            namespace: run.naming.appsNamespace,
                            force: true
                        )
                    }
                }
                defer { group.cancelAll() }
                for instances in 2...6 {
                    try await eventually("\(instances) instances are written") {
                        do {
                            _ = try await advance(run, instances: instances)
                            return true
                        } catch let error as ClusterError where error.code == .conflict {
                            return false
                        }
                    }
                    #expect(try await deployment(run)?["spec", "replicas"]?.integer == instances)
                }
            }
        }
    }

    @Test func `objects of a shrunk process type that nobody wants any more go`() async throws {
        try await ClusterRun.with(image: image) { run in
            _ = try await advance(run, instances: 2)
            #expect(try await seen(run, "PodDisruptionBudget") != nil)
            _ = try await advance(run, instances: 1)
            #expect(try await seen(run, "PodDisruptionBudget") == nil)
        }
    }

    @Test func `what all apps share is not removed with one, and nothing of another app is`() async throws {
        try await ClusterRun.with(image: image) { run in
            _ = try await advance(run)
            let blog = Sample.name("blog")
            for object in try await run.cluster.observe(shop).objects {
                let isShared = object.isShared
                for app in [shop, blog] where isShared || app == blog {
                    let error = await #expect(throws: ClusterError.self) {
                        try await run.cluster.remove(object.reference, of: app)
                    }
                    #expect(error?.code == .invalid)
                }
            }
            #expect(try await deployment(run) != nil)
        }
    }

    @Test func `a namespace that is going is named, and made again when it is gone`() async throws {
        try await ClusterRun.with(image: image) { run in
            try await run.cluster.prepare(Space(app: shop))
            let holder = run.writer("holder")
            func hold(_ finalizers: JSONValue) async throws {
                let account: JSONValue = [
                    "apiVersion": "v1", "kind": "ServiceAccount",
                    "metadata": ["name": "held", "finalizers": finalizers],
                ]
                try await holder.apply(
                    account,
                    resource: Resources.serviceAccount,
                    namespace: run.naming.appsNamespace,
                    force: true
                )
            }
            try await hold(["example.com/hold"])
            try await run.client.delete(Resources.namespace, namespace: nil, name: run.naming.appsNamespace)
            try await eventually("it is refused for now") {
                do {
                    try await run.cluster.prepare(Space(app: shop))
                    return false
                } catch let error as ClusterError {
                    #expect(error.code == .conflict, "\(error)")
                    return error.message.contains("Namespace/\(run.naming.appsNamespace) is being removed")
                }
            }
            try await hold([])
            try await eventually("it is there again") {
                do {
                    try await run.cluster.prepare(Space(app: shop))
                    return true
                } catch let error as ClusterError where error.code == .conflict {
                    return false
                }
            }
        }
    }
}
