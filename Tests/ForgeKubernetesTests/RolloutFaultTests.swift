// SPDX-License-Identifier: Apache-2.0

import ForgeClusterTesting
import ForgeEngine
import ForgeKubernetesClient
import ForgeKubernetesObjects
import ForgeModel
import ForgeTesting
import Testing

@testable import ForgeKubernetes

/// Rollouts and tasks that a real cluster cannot carry out: each ends, and says why.
@Suite(
    .enabled(if: ClusterRun.canRun, "needs a cluster in FORGE_TEST_KUBECONFIG, KUBE_TEST_REGISTRY and busybox-static"),
    .serialized
)
struct RolloutFaultTests {
    private let shop = Sample.app
    private let image = Sample.image("apps/shop", "a")

    private func failure(_ run: ClusterRun, _ workload: Workload) async throws -> String {
        guard case .failed(let failure) = try await run.contract.roll(workload) else { return "it did not fail" }
        return failure.message
    }

    @Test func `an image that cannot be pulled is told with the reason`() async throws {
        try await ClusterRun.with(image: image) { run in
            let message = try await failure(run, run.contract.workload(shop))
            #expect(message.hasPrefix("shop.web cannot start: its image cannot be pulled: "), "\(message)")
            #expect(message.contains("127.0.0.1:5000"), "\(message)")
        }
    }

    @Test func `a pod that no node has room for is told with the scheduler's words`() async throws {
        try await ClusterRun.with(image: image) { run in
            let message = try await failure(run, run.contract.workload(shop, memory: 1 << 50))
            #expect(message.hasPrefix("shop.web cannot start: no node can take it: "), "\(message)")
            #expect(message.contains("memory"), "\(message)")
        }
    }

    @Test func `a pod beyond the quota is told with the quota's words`() async throws {
        try await ClusterRun.with { settings in
            settings.naming.quota = ["pods": "1"]
        } _: { run in
            #expect(try await run.contract.roll(run.contract.workload(shop)) == .complete(ready: 1))
            let message = try await failure(run, run.contract.workload(shop, instances: 2))
            #expect(message.contains("exceeded quota"), "\(message)")
        }
    }

    @Test func `a container beyond its memory is told with its limit`() async throws {
        try await ClusterRun.with { run in
            let hungry = "echo eating; exec dd if=/dev/zero of=/dev/null bs=200M count=1"
            let workload = run.contract.workload(shop, command: .shell(hungry), memory: 32 << 20)
            let message = try await failure(run, workload)
            #expect(message.hasPrefix("shop.web was killed "), "\(message)")
            #expect(message.hasSuffix(" at its memory limit of \(workload.resources.memory)"), "\(message)")
        }
    }

    @Test func `builds beyond the limit wait, and start when there is room`() async throws {
        try await ClusterRun.with(builds: 1) { run in
            let phases = [run.contract.phase("work", "sleep 600")]
            let first = run.contract.task("build-1", of: shop, phases)
            let second = run.contract.task("build-2", of: shop, [run.contract.phase("work", "echo built")])
            #expect(try await run.cluster.advance(first) == .running(phase: "work"))
            #expect(try await run.cluster.advance(second) == .queued(ahead: 1))
            #expect(try await run.cluster.observe(shop).tasks.keys.sorted() == ["build-1"])
            try await run.cluster.discard("build-1", of: shop)
            #expect(try await run.contract.finish(second) == .succeeded)
        }
    }

    @Test func `phases get the registry's credentials only where they need them, and those go with the task`()
        async throws
    {
        try await ClusterRun.with { settings in
            settings.provisions.registryAuth = #"{"registry.test":"Basic c2VjcmV0"}"#
        } _: { run in
            let line = "echo [$CNB_REGISTRY_AUTH]"
            let task = run.contract.task(
                "build-1",
                of: shop,
                [run.contract.phase("with", line, credentials: true), run.contract.phase("without", line)]
            )
            #expect(try await run.contract.finish(task) == .succeeded)
            let auth = try await run.contract.output(of: task, phase: 0)
            #expect(auth == [#"[{"registry.test":"Basic c2VjcmV0"}]"#])
            #expect(try await run.contract.output(of: task, phase: 1) == ["[]"])
            try await run.cluster.discard("build-1", of: shop)
            let secret = try await run.client.get(
                Resources.secret,
                namespace: run.naming.buildsNamespace,
                name: run.naming.task("build-1", of: shop)
            )
            #expect(secret == nil)
        }
    }
}
