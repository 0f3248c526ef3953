// SPDX-License-Identifier: Apache-2.0

import ForgeClusterTesting
import ForgeEngine
import ForgeModel
import ForgeTesting
import Testing

@testable import ForgeKubernetes

/// The contract that every cluster keeps, on a real Kubernetes with real pods.
@Suite(
    .enabled(if: ClusterRun.canRun, "needs a cluster in FORGE_TEST_KUBECONFIG, KUBE_TEST_REGISTRY and busybox-static"),
    .serialized
)
struct KubernetesClusterTests {
    private let shop = Sample.app

    @Test func contractOfWorkloads() async throws {
        try await ClusterRun.with { run in
            try await run.contract.appliesWhatIsDescribed(shop)
            try await run.contract.scales(shop)
            try await run.contract.survivesOvertaking(shop)
        }
    }

    @Test func contractOfFailures() async throws {
        try await ClusterRun.with { run in
            try await run.contract.reportsCrashes(shop)
            try await run.contract.reportsSilence(shop)
            let missing = ImageReference(
                registry: run.contract.image.registry,
                repository: run.contract.image.repository,
                digest: Sample.digest("a")
            )
            try await run.contract.reportsMissingImages(shop, missing)
        }
    }

    @Test func contractOfTasks() async throws {
        try await ClusterRun.with { run in
            try await run.contract.runsTasks(shop)
            try await run.contract.reportsFailedPhases(shop)
            try await run.contract.endsLongTasks(shop)
        }
    }

    @Test func contractOfLogs() async throws {
        try await ClusterRun.with { run in try await run.contract.givesLogs(shop) }
    }
}
