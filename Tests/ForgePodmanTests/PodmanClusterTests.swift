// SPDX-License-Identifier: Apache-2.0

import ForgeClusterTesting
import ForgeEngine
import ForgeModel
import ForgeTesting
import Foundation
import Testing

@testable import ForgePodman

/// The contract, and what is podman's own, on a real podman with real containers.
@Suite(
    .enabled(if: TestRoot.canRun, "needs root, podman, runc and busybox-static"),
    .serialized
)
struct PodmanClusterTests {
    private let shop = AppNames.shop
    private let blog = AppNames.blog

    // MARK: The contract

    @Test func contractOfWorkloads() async throws {
        try await ClusterRun.with { contract, service, _ in
            try await contract.appliesWhatIsDescribed(shop)
            try await contract.scales(shop)
            try await contract.survivesOvertaking(shop)
            #expect(try await service.containers().isEmpty)
        }
    }

    @Test func contractOfFailures() async throws {
        try await ClusterRun.with { contract, service, _ in
            try await contract.reportsCrashes(shop)
            try await contract.reportsSilence(shop)
            #expect(try await service.containers().isEmpty)
        }
    }

    @Test func contractOfTasks() async throws {
        try await ClusterRun.with { contract, service, _ in
            try await contract.runsTasks(shop)
            try await contract.reportsFailedPhases(shop)
            try await contract.endsLongTasks(shop)
            #expect(try await service.containers().isEmpty)
            let volumes = try await service.json("GET", "/volumes/json") as? [Any]
            #expect(volumes?.isEmpty == true)
        }
    }

    @Test func contractOfLogs() async throws {
        try await ClusterRun.with { contract, _, _ in try await contract.givesLogs(shop) }
    }

    // MARK: Traffic

    @Test func trafficMovesAtOnceAndOnlyToWhatIsReady() async throws {
        try await ClusterRun.with { contract, _, sink in
            let first = contract.workload(shop, instances: 2)
            #expect(try await contract.roll(first) == .complete(ready: 2))
            let old = sink.endpoints("shop.web")
            #expect(old.count == 2)
            let second = contract.workload(shop, env: ["LEVEL": "debug"], instances: 2)
            #expect(try await contract.roll(second, generation: 2) == .complete(ready: 2))
            let new = sink.endpoints("shop.web")
            #expect(Set(new).isDisjoint(with: old) && new.count == 2)
            // From the moment both answered, no list was empty or a mixture.
            let lists = sink.history("shop.web").drop { $0.count < 2 }
            #expect(lists.allSatisfy { Set($0) == Set(old) || Set($0) == Set(new) }, "\(lists)")
            try await contract.destroy(shop)
            #expect(sink.endpoints("shop.web").isEmpty)
        }
    }

    @Test func oldSetServesWhileANewOneFails() async throws {
        try await ClusterRun.with { contract, _, sink in
            let good = contract.workload(shop)
            #expect(try await contract.roll(good) == .complete(ready: 1))
            let serving = sink.endpoints("shop.web")
            let bad = contract.workload(shop, command: .shell("exit 3"))
            guard case .failed = try await contract.roll(bad, generation: 2) else {
                Issue.record("the rollout did not fail")
                return
            }
            #expect(sink.endpoints("shop.web") == serving)
            #expect(try await contract.roll(good, generation: 2) == .complete(ready: 1))
            #expect(sink.history("shop.web").drop { $0.isEmpty }.allSatisfy { $0 == serving })
        }
    }

    @Test func deadContainerLeavesTheTableAndComesBack() async throws {
        try await ClusterRun.with { contract, service, sink in
            #expect(try await contract.roll(contract.workload(shop)) == .complete(ready: 1))
            let before = sink.history("shop.web").count
            let name = try #require(try await service.containers().first?.name)
            try await service.call("POST", "/containers/\(name)/kill?signal=KILL")
            try await eventually("the table is empty and full again") {
                let after = sink.history("shop.web").dropFirst(before)
                return after.contains([]) && after.last?.count == 1
            }
        }
    }

    // MARK: Crashes of the platform

    @Test func rolloutGoesOnAfterPodmanAndForgedWereKilled() async throws {
        try await PodmanService.with { service in
            let old = try Self.workload(service)
            let new = try Self.workload(service, env: ["LEVEL": "debug"])
            let sink = RecordingSink()
            try await ClusterRun.beside(try ClusterRun.cluster(service, sink)) { cluster in
                let contract = ClusterContract(cluster: cluster, image: service.image)
                #expect(try await contract.roll(old) == .complete(ready: 1))
                _ = try await cluster.advance(new, generation: Generation(number: 2))
                service.kill()
                await #expect(throws: ClusterError.self) { try await cluster.observe(shop) }
                await #expect(throws: ClusterError.self) {
                    try await cluster.advance(new, generation: Generation(number: 2))
                }
                // Not seeing podman takes nothing out of service.
                #expect(sink.endpoints("shop.web").count == 1)
            }
            try await service.restart()
            let later = RecordingSink()
            try await ClusterRun.beside(try ClusterRun.cluster(service, later)) { cluster in
                let contract = ClusterContract(cluster: cluster, image: service.image)
                #expect(try await contract.roll(new, generation: 2) == .complete(ready: 1))
                let seen = try await cluster.observe(shop).objects.filter { $0.process == .web }
                #expect(seen == cluster.dialect.encode(.workload(new)))
                #expect(try await service.containers().count == 1)
                #expect(later.endpoints("shop.web").count == 1)
            }
        }
    }

    private static func workload(_ service: PodmanService, env: [String: String] = [:]) throws -> Workload {
        let sink = RecordingSink()
        return ClusterContract(cluster: try ClusterRun.cluster(service, sink), image: service.image)
            .workload(AppNames.shop, env: env)
    }

    @Test func leftoversOfAnInterruptedRolloutAreSeenAndRemoved() async throws {
        try await ClusterRun.with { contract, service, _ in
            let good = contract.workload(shop)
            #expect(try await contract.roll(good) == .complete(ready: 1))
            let half = contract.workload(shop, command: .shell("sleep 600"), stopTimeout: TimeSpan(seconds: 1))
            _ = try await contract.cluster.advance(half, generation: Generation(number: 2))
            guard case .map(let fields)? = try await contract.cluster.observe(shop).objects.first?.fields else {
                Issue.record("nothing was observed")
                return
            }
            #expect(fields["leftover"] == .text("1"))
            #expect(try await contract.roll(good, generation: 3) == .complete(ready: 1))
            #expect(try await service.containers().count == 1)
        }
    }

    // MARK: Images

    @Test func imagesComeFromARegistryThatAsksForAPassword() async throws {
        try await PodmanService.with { service in
            let registry = try await RegistryService(folder: "\(service.folder)/registry")
            defer { registry.stop() }
            let pushed = try await service.push("apps/shop", to: registry.host)
            let missing = ImageReference(
                registry: registry.host,
                repository: "apps/shop",
                digest: try Digest("sha256:" + String(repeating: "a", count: 64))
            )
            let sink = RecordingSink()
            try await ClusterRun.beside(try ClusterRun.cluster(service, sink, registry.host)) { cluster in
                let contract = ClusterContract(cluster: cluster, image: pushed)
                #expect(try await contract.roll(contract.workload(shop)) == .complete(ready: 1))
                try await contract.destroy(shop)
                #expect(try await service.call("GET", "/images/\(pushed)/exists").status == 404)
                try await contract.reportsMissingImages(blog, missing)
            }
            // Credentials are for one registry: this one gets none of them.
            let stranger = try ClusterRun.cluster(service, sink, "127.0.0.1:1")
            let contract = ClusterContract(cluster: stranger, image: pushed)
            let refused = await #expect(throws: ClusterError.self) {
                try await stranger.advance(contract.workload(shop), generation: Generation(number: 1))
            }
            #expect(refused?.code == .refused)
            registry.stop()
            let gone = await #expect(throws: ClusterError.self) {
                try await stranger.advance(contract.workload(shop), generation: Generation(number: 1))
            }
            #expect(gone?.code == .unreachable)
        }
    }
}
