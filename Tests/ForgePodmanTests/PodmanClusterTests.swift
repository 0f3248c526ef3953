// SPDX-License-Identifier: Apache-2.0
import ForgeEngine
import ForgeModel
import Foundation
import Logging
import Testing

@testable import ForgePodman

/// The contract, and what is podman's own, on a real podman with real containers.
@Suite(
    .enabled(if: TestRoot.canRun, "needs root, podman, runc and busybox-static"),
    .serialized
)
struct PodmanClusterTests {
    /// Runs a test with a cluster whose loop runs.
    private func withCluster(
        registry: String = "127.0.0.1:1",
        certificates: String? = nil,
        _ body: @escaping @Sendable (ClusterContract, PodmanService, RecordingSink) async throws -> Void
    ) async throws {
        try await PodmanService.with { service in
            let sink = RecordingSink()
            try await running(try Self.cluster(service, sink, registry, certificates)) { cluster in
                try await body(ClusterContract(cluster: cluster, image: service.image), service, sink)
            }
        }
    }

    private static func cluster(
        _ service: PodmanService,
        _ sink: any EndpointSink,
        _ registry: String = "127.0.0.1:1",
        _ certificates: String? = nil
    ) throws -> PodmanCluster {
        PodmanCluster(
            settings: try PodmanSettings(
                socket: service.socket,
                instance: service.instance,
                credentials: RegistryCredentials(host: registry, username: "forge", password: "hunter2"),
                certificates: certificates
            ),
            endpoints: sink,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// Runs a test beside a cluster's loop, and ends the loop after it.
    private func running(
        _ cluster: PodmanCluster,
        _ body: (any Cluster) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await cluster.run() }
            defer { group.cancelAll() }
            try await body(cluster)
        }
    }

    private let shop = AppNames.shop
    private let blog = AppNames.blog

    // MARK: The contract

    @Test func contractOfWorkloads() async throws {
        try await withCluster { contract, service, _ in
            try await contract.appliesWhatIsDescribed(shop)
            try await contract.scales(shop)
            try await contract.survivesOvertaking(shop)
            #expect(try await service.containers().isEmpty)
        }
    }

    @Test func contractOfFailures() async throws {
        try await withCluster { contract, service, _ in
            try await contract.reportsCrashes(shop)
            try await contract.reportsSilence(shop)
            #expect(try await service.containers().isEmpty)
        }
    }

    @Test func contractOfTasks() async throws {
        try await withCluster { contract, service, _ in
            try await contract.runsTasks(shop)
            try await contract.reportsFailedPhases(shop)
            try await contract.endsLongTasks(shop)
            #expect(try await service.containers().isEmpty)
            let volumes = try await service.json("GET", "/volumes/json") as? [Any]
            #expect(volumes?.isEmpty == true)
        }
    }

    @Test func contractOfLogs() async throws {
        try await withCluster { contract, _, _ in try await contract.givesLogs(shop) }
    }

    // MARK: Traffic

    @Test func trafficMovesAtOnceAndOnlyToWhatIsReady() async throws {
        try await withCluster { contract, _, sink in
            let first = contract.workload(shop, instances: 2)
            #expect(try await contract.roll(first) == .complete(ready: 2))
            let old = sink.endpoints("shop-web")
            #expect(old.count == 2)
            let second = contract.workload(shop, env: ["LEVEL": "debug"], instances: 2)
            #expect(try await contract.roll(second, generation: 2) == .complete(ready: 2))
            let new = sink.endpoints("shop-web")
            #expect(Set(new).isDisjoint(with: old) && new.count == 2)
            // From the moment both answered, no list was empty or a mixture.
            let lists = sink.history("shop-web").drop { $0.count < 2 }
            #expect(lists.allSatisfy { Set($0) == Set(old) || Set($0) == Set(new) }, "\(lists)")
            try await contract.destroy(shop)
            #expect(sink.endpoints("shop-web").isEmpty)
        }
    }

    @Test func oldSetServesWhileANewOneFails() async throws {
        try await withCluster { contract, _, sink in
            let good = contract.workload(shop)
            #expect(try await contract.roll(good) == .complete(ready: 1))
            let serving = sink.endpoints("shop-web")
            let bad = contract.workload(shop, command: .shell("exit 3"))
            guard case .failed = try await contract.roll(bad, generation: 2) else {
                Issue.record("the rollout did not fail")
                return
            }
            #expect(sink.endpoints("shop-web") == serving)
            #expect(try await contract.roll(good, generation: 2) == .complete(ready: 1))
            #expect(sink.history("shop-web").drop { $0.isEmpty }.allSatisfy { $0 == serving })
        }
    }

    @Test func deadContainerLeavesTheTableAndComesBack() async throws {
        try await withCluster { contract, service, sink in
            #expect(try await contract.roll(contract.workload(shop)) == .complete(ready: 1))
            let before = sink.history("shop-web").count
            let name = try #require(try await service.containers().first?.name)
            try await service.call("POST", "/containers/\(name)/kill?signal=KILL")
            try await eventually("the table is empty and full again") {
                let after = sink.history("shop-web").dropFirst(before)
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
            try await running(try Self.cluster(service, sink)) { cluster in
                let contract = ClusterContract(cluster: cluster, image: service.image)
                #expect(try await contract.roll(old) == .complete(ready: 1))
                _ = try await cluster.advance(new, generation: Generation(number: 2))
                service.kill()
                await #expect(throws: ClusterError.self) { try await cluster.observe(shop) }
                await #expect(throws: ClusterError.self) {
                    try await cluster.advance(new, generation: Generation(number: 2))
                }
                // Not seeing podman takes nothing out of service.
                #expect(sink.endpoints("shop-web").count == 1)
            }
            try await service.restart()
            let later = RecordingSink()
            try await running(try Self.cluster(service, later)) { cluster in
                let contract = ClusterContract(cluster: cluster, image: service.image)
                #expect(try await contract.roll(new, generation: 2) == .complete(ready: 1))
                let seen = try await cluster.observe(shop).objects.filter { $0.process == .web }
                #expect(seen == cluster.dialect.encode(.workload(new)))
                #expect(try await service.containers().count == 1)
                #expect(later.endpoints("shop-web").count == 1)
            }
        }
    }

    private static func workload(_ service: PodmanService, env: [String: String] = [:]) throws -> Workload {
        let sink = RecordingSink()
        return ClusterContract(cluster: try cluster(service, sink), image: service.image)
            .workload(AppNames.shop, env: env)
    }

    @Test func leftoversOfAnInterruptedRolloutAreSeenAndRemoved() async throws {
        try await withCluster { contract, service, _ in
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

    // MARK: Walls

    @Test func containersAreNeitherRootNorPrivileged() async throws {
        try await withCluster { contract, _, _ in
            let look =
                "grep -E '^(Uid|CapEff|CapBnd|NoNewPrivs|Seccomp):' /proc/self/status; id -g; echo $HOME; sleep 600"
            for app in [shop, blog] {
                let workload = contract.workload(
                    app,
                    try ProcessType("worker"),
                    command: .shell(look),
                    port: nil,
                    healthcheck: .none,
                    stopTimeout: TimeSpan(seconds: 1)
                )
                #expect(try await contract.roll(workload) == .complete(ready: 1))
            }
            let lines = try await contract.logs(shop)
            let none = "0000000000000000"
            #expect(lines.contains("CapEff:\t\(none)") && lines.contains("CapBnd:\t\(none)"))
            #expect(lines.contains("NoNewPrivs:\t1") && lines.contains("Seccomp:\t2"))
            #expect(lines.suffix(2) == ["1000", "/tmp"])
            let users = try await [contract.logs(shop), contract.logs(blog)].map { lines in
                try #require(lines.first { $0.hasPrefix("Uid:") }.flatMap { Int($0.split(separator: "\t")[1]) })
            }
            #expect(users.allSatisfy { (100_000..<165_536).contains($0) })
            #expect(users[0] != users[1])
        }
    }

    @Test func appsReachThemselvesAndNobodyElse() async throws {
        try await withCluster { contract, _, sink in
            #expect(try await contract.roll(contract.workload(shop)) == .complete(ready: 1))
            #expect(try await contract.roll(contract.workload(blog)) == .complete(ready: 1))
            let own = try #require(sink.endpoints("shop-web").first)
            let other = try #require(sink.endpoints("blog-web").first)
            let ask = """
                try() { printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 3 $2 8080 | grep -q hello && echo "$1 yes" || echo "$1 no"; }
                nslookup web | grep -q "Address.*\(own.address)" && echo "name yes"
                try own \(own.address); try other \(other.address); echo done
                """
            let worker = contract.workload(
                shop,
                try ProcessType("worker"),
                command: .shell(ask + "; sleep 600"),
                port: nil,
                healthcheck: .none,
                stopTimeout: TimeSpan(seconds: 1)
            )
            #expect(try await contract.roll(worker) == .complete(ready: 1))
            try await eventually("the worker has asked") { try await contract.logs(shop).contains("done") }
            let lines = try await contract.logs(shop)
            #expect(lines.contains("name yes") && lines.contains("own yes") && lines.contains("other no"), "\(lines)")
            let build = contract.task("build-1", of: shop, [contract.phase("look", ask)])
            #expect(try await contract.finish(build) == .succeeded)
            let seen = try await contract.output(of: build, phase: 0)
            #expect(seen.contains("own no") && seen.contains("other no") && !seen.contains("name yes"), "\(seen)")
        }
    }

    @Test func memoryLimitIsNamedWhenItKills() async throws {
        try await withCluster { contract, _, _ in
            let hungry = contract.workload(
                shop,
                command: .shell("exec dd if=/dev/zero of=/dev/null bs=64M count=1"),
                memory: 16 << 20
            )
            guard case .failed(let failure) = try await contract.roll(hungry) else {
                Issue.record("the rollout did not fail")
                return
            }
            #expect(failure.message.contains("probably at its memory limit of 16Mi"), "\(failure.message)")
        }
    }

    // MARK: What phases are given

    @Test func credentialsAreGivenOnlyToPhasesThatNeedThem() async throws {
        try await withCluster(certificates: "/etc/ssl/certs/ca-certificates.crt") { contract, service, _ in
            let look = "echo ${CNB_REGISTRY_AUTH:-nothing}; grep -c . /proc/net/dev; id -u"
            let certificates = [TaskPhase.Mount(.certificates, at: "/etc/forge/ca.pem")]
            let task = contract.task(
                "build-1",
                of: shop,
                [
                    contract.phase("analyze", look, network: .registry, credentials: true),
                    contract.phase("detect", look),
                    contract.phase(
                        "fetch",
                        "echo $SSL_CERT_FILE; head -c 3 $PIP_CERT >/dev/null && touch $PIP_CERT || echo read-only",
                        mounts: certificates
                    ),
                ]
            )
            #expect(try await contract.finish(task) == .succeeded)
            let first = try await contract.output(of: task, phase: 0)
            #expect(first.first == #"{"127.0.0.1:1":"Basic \#(Data("forge:hunter2".utf8).base64EncodedString())"}"#)
            let second = try await contract.output(of: task, phase: 1)
            #expect(second.first == "nothing" && second.last == "1001")
            let third = try await contract.output(of: task, phase: 2)
            #expect(third.first == "/etc/forge/ca.pem" && third.last == "read-only", "\(third)")
            let secrets = try await service.json("GET", "/secrets/json") as? [Any]
            #expect(secrets?.isEmpty == true)
        }
    }

    @Test func releaseCommandRunsAsTheAppInItsNetwork() async throws {
        try await withCluster { contract, _, _ in
            let release = contract.task(
                "release-1",
                of: shop,
                [contract.phase("command", "id -u", network: .app, user: nil)]
            )
            #expect(try await contract.finish(release) == .succeeded)
            let user = try await contract.output(of: release, phase: 0).first.flatMap { Int($0) }
            #expect(user.map { $0 >= 100_000 } == true)
            try await contract.cluster.discard("release-1", of: shop)
            try await contract.destroy(shop)
        }
    }

    @Test func rootIsRefused() async throws {
        try await withCluster { contract, _, _ in
            let task = contract.task("build-1", of: shop, [contract.phase("analyze", "id", user: "0:0")])
            guard case .failed(let failure) = try await contract.finish(task) else {
                Issue.record("the task did not fail")
                return
            }
            #expect(failure.reason?.contains("would run as root") == true)
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
            try await running(try Self.cluster(service, sink, registry.host)) { cluster in
                let contract = ClusterContract(cluster: cluster, image: pushed)
                #expect(try await contract.roll(contract.workload(shop)) == .complete(ready: 1))
                try await contract.destroy(shop)
                try await contract.reportsMissingImages(blog, missing)
            }
            let other = try PodmanSettings(socket: service.socket, instance: service.instance)
            let stranger = PodmanCluster(settings: other, endpoints: sink, logger: Logger(label: "test"))
            try await service.call("DELETE", "/images/\(pushed)?force=true")
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

/// Names that tests use.
enum AppNames {
    static let shop = name("shop")
    static let blog = name("blog")

    private static func name(_ text: String) -> AppName {
        guard let name = try? AppName(text) else { preconditionFailure("'\(text)' is no app name") }
        return name
    }
}
