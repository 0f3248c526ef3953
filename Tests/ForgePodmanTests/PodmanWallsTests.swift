// SPDX-License-Identifier: Apache-2.0

import ForgeClusterTesting
import ForgeEngine
import ForgeModel
import ForgeTesting
import Foundation
import Testing

@testable import ForgePodman

/// What containers may do, and what they are given.
@Suite(.enabled(if: TestRoot.canRun, "needs root, podman, runc and busybox-static"), .serialized)
struct PodmanWallsTests {
    private let shop = AppNames.shop
    private let blog = AppNames.blog

    // MARK: Walls

    @Test func containersAreNeitherRootNorPrivileged() async throws {
        try await ClusterRun.with { contract, _, _ in
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
        try await ClusterRun.with { contract, _, sink in
            #expect(try await contract.roll(contract.workload(shop)) == .complete(ready: 1))
            #expect(try await contract.roll(contract.workload(blog)) == .complete(ready: 1))
            let own = try #require(sink.endpoints("shop.web").first)
            let other = try #require(sink.endpoints("blog.web").first)
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

    /// netavark takes the isolation of every network away when one network loses its last container.
    @Test func appsStayApartWhenAnotherAppEnds() async throws {
        try await ClusterRun.with { contract, _, sink in
            #expect(try await contract.roll(contract.workload(blog)) == .complete(ready: 1))
            let other = try #require(sink.endpoints("blog.web").first)
            let knock = """
                while true; do
                    printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 1 \(other.address) 8080 | grep -q hello && echo yes || echo no
                done
                """
            let worker = contract.workload(
                shop,
                try ProcessType("worker"),
                command: .shell(knock),
                port: nil,
                healthcheck: .none,
                stopTimeout: TimeSpan(seconds: 1)
            )
            #expect(try await contract.roll(worker) == .complete(ready: 1))
            let third = try AppName("third")
            #expect(try await contract.roll(contract.workload(third)) == .complete(ready: 1))
            try await contract.destroy(third)
            let before = try await contract.logs(shop).count
            try await eventually("the worker has knocked again") { try await contract.logs(shop).count > before + 3 }
            let lines = try await contract.logs(shop)
            #expect(lines.contains("no") && !lines.contains("yes"))
        }
    }

    /// Without the loop, which would put the rule back as well.
    @Test func nothingStartsWithoutTheRuleThatKeepsAppsApart() async throws {
        try await PodmanService.with { service in
            let cluster = try ClusterRun.cluster(service, RecordingSink())
            let contract = ClusterContract(cluster: cluster, image: service.image)
            for generation in 1...2 {
                try await NetworkIsolation(instance: service.instance).remove()
                #expect(try !Self.rules().contains("forge-\(service.instance)"))
                let workload = contract.workload(shop, env: ["GENERATION": "\(generation)"])
                _ = try await cluster.advance(workload, generation: Generation(number: generation))
                #expect(try await service.containers().filter { $0.state == "running" }.count == generation)
                #expect(try Self.rules().contains("forge-\(service.instance)"))
            }
        }
    }

    private static func rules() throws -> String {
        let (list, output) = (Process(), Pipe())
        list.executableURL = URL(fileURLWithPath: "/usr/sbin/iptables")
        list.arguments = ["-w", "-t", "mangle", "-S", "FORWARD"]
        list.standardOutput = output
        try list.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        list.waitUntilExit()
        return String(decoding: text, as: UTF8.self)
    }

    @Test func memoryLimitIsNamedWhenItKills() async throws {
        try await ClusterRun.with { contract, _, _ in
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
            // conmon drops this file where podman stands, which is not here.
            #expect(!FileManager.default.fileExists(atPath: "oom"))
        }
    }

    // MARK: What phases are given

    @Test func credentialsAreGivenOnlyToPhasesThatNeedThem() async throws {
        try await ClusterRun.with(certificates: "/etc/ssl/certs/ca-certificates.crt") { contract, service, _ in
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
                        "echo $SSL_CERT_FILE; head -c 3 $PIP_CERT >/dev/null && touch $PIP_CERT || echo refused",
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
            #expect(third.first == "/etc/forge/ca.pem" && third.contains("refused"), "\(third)")
            let secrets = try await service.json("GET", "/secrets/json") as? [Any]
            #expect(secrets?.isEmpty == true)
        }
    }

    @Test func releaseCommandRunsAsTheAppInItsNetwork() async throws {
        try await ClusterRun.with { contract, _, _ in
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
        try await ClusterRun.with { contract, _, _ in
            let task = contract.task("build-1", of: shop, [contract.phase("analyze", "id", user: "0:0")])
            guard case .failed(let failure) = try await contract.finish(task) else {
                Issue.record("the task did not fail")
                return
            }
            #expect(failure.reason?.contains("would run as root") == true)
        }
    }
}
