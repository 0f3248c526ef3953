// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeHTTP
import ForgeJSON
import ForgeKubernetes
import ForgeKubernetesClient
import ForgeKubernetesObjects
import ForgeModel
import ForgePlan
import ForgePlanner
import FoundationEssentials
import Logging

/// One fleet on a real API server: applied, planned, seen from a cold start, and changed; kubectl does the same.
struct KubernetesBench {
    /// How many apps are worked on at once; the same for every phase.
    private static let concurrency = 16

    private let access: KubernetesAccess
    private let fleet: BenchFleet
    private let withPeer: Bool
    private let report = BenchReport()
    private let settings: KubernetesSettings
    private let peerNamespace: String
    private let folder: String

    init(access: KubernetesAccess, size: Int, withPeer: Bool) throws {
        self.access = access
        self.withPeer = withPeer
        fleet = try BenchFleet(size: size)
        let mark = "b" + String(UInt32.random(in: 0..<UInt32.max), radix: 36)
        var naming = try KubernetesNaming(instance: mark)
        naming.appsNamespace = "forge-bench-\(mark)"
        naming.buildsNamespace = "forge-bench-\(mark)-builds"
        settings = KubernetesSettings(naming)
        peerNamespace = "forge-bench-\(mark)-kubectl"
        folder = FileManager.default.temporaryDirectory.path + "/forge-bench-\(mark)"
    }

    /// Runs every phase and removes what it made.
    func run() async throws {
        print("\n\(fleet.manifests.count) apps of 6 objects")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        do {
            try await phases()
        } catch {
            try? await clean()
            throw error
        }
        try await clean()
    }

    private func phases() async throws {
        try await withCluster { cluster, router, client in
            let files = try writeObjects(cluster.dialect)
            let apply = try await measured({ client.requests }) {
                try await self.apply(fleet.manifests, cluster, router)
            }
            report.line("first apply", apply, peer: try await peer("kubectl apply --server-side", files.first))
            let idle = try await measured({ client.requests }) { try await self.planNothing(cluster, router) }
            report.line(
                "no-op pass",
                idle,
                peer: try await peer("kubectl diff --server-side", files.first, isDiff: true)
            )
            try await coldStart()
            let changed = fleet.manifests.map { manifest in
                var manifest = manifest
                manifest.env["LEVEL"] = "debug"
                return manifest
            }
            let change = try await measured({ client.requests }) { try await self.apply(changed, cluster, router) }
            report.line("one field in all", change, peer: try await peer("kubectl apply --server-side", files.changed))
        }
    }

    /// A second platform process starts and makes the first plan of every app.
    private func coldStart() async throws {
        let before = Self.residentMiB()
        let start = ContinuousClock.now
        try await withCluster { cluster, router, client in
            try await self.planNothing(cluster, router)
            let took = (ContinuousClock.now - start).components
            let cold = Measurement(
                seconds: Double(took.seconds) + Double(took.attoseconds) / 1e18,
                requests: client.requests
            )
            report.line("cold start to first plans", cold, peer: try await fetch())
            print("resident, with two copies of the cache: \(Self.residentMiB()) MiB (\(before) before the second)")
        }
    }

    // MARK: Ours

    private func withCluster(
        _ body: @Sendable (KubernetesCluster, KubernetesRouter, KubernetesClient) async throws -> Void
    ) async throws {
        let client = KubernetesClient(access: access, transport: HTTPTransport())
        let cluster = KubernetesCluster(
            settings: settings,
            client: client,
            logger: Logger(label: "forge-bench") { _ in SwiftLogNoOpLogHandler() }
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await cluster.run() }
            defer { group.cancelAll() }
            try await wait(for: cluster)
            try await body(cluster, KubernetesRouter(cluster: cluster), client)
        }
    }

    private func apply(_ manifests: [AppManifest], _ cluster: KubernetesCluster, _ router: KubernetesRouter)
        async throws
    {
        try await each(manifests) { manifest in
            try await cluster.prepare(Space(app: manifest.name))
            _ = try await cluster.advance(try fleet.workload(manifest), generation: Generation(number: 1))
            try await router.add(try fleet.route(manifest))
        }
    }

    /// Plans every app, and fails where a plan would do something.
    private func planNothing(_ cluster: KubernetesCluster, _ router: KubernetesRouter) async throws {
        let planner = Planner(dialect: cluster.dialect)
        for manifest in fleet.manifests {
            let seen = try await cluster.observe(manifest.name)
            let plan = planner.plan(try fleet.input(manifest, seen, try await router.routes(manifest.name)))
            guard plan.steps.isEmpty, plan.unknown.isEmpty else {
                throw Kubectl.Failure(description: "the plan of \(manifest.name) is not empty: \(plan.steps.map(\.id))")
            }
        }
    }

    /// Returns when the cluster has been seen once.
    private func wait(for cluster: KubernetesCluster) async throws {
        guard let app = fleet.manifests.first?.name else { return }
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            do {
                _ = try await cluster.observe(app)
                return
            } catch let error as ClusterError where error.code == .unreachable && ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(5))
            }
        }
    }

    private func each(
        _ manifests: [AppManifest],
        _ body: @escaping @Sendable (AppManifest) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, manifest) in manifests.enumerated() {
                if index >= Self.concurrency { try await group.next() }
                group.addTask { try await body(manifest) }
            }
            try await group.waitForAll()
        }
    }

    private static func residentMiB() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) / 1024
    }

    // MARK: The peer

    /// The same objects for kubectl, in a namespace of its own, and once more with one field changed in each app.
    private func writeObjects(_ dialect: any Dialect) throws -> (first: String, changed: String) {
        guard let dialect = dialect as? KubernetesDialect else { return ("", "") }
        var naming = dialect.naming
        naming.appsNamespace = peerNamespace
        let peer = KubernetesDialect(naming, versions: dialect.versions)
        func write(_ name: String, level: String) throws -> String {
            var items: [JSONValue] = []
            for var manifest in fleet.manifests {
                manifest.env["LEVEL"] = level
                let units: [ForgeModel.Unit] = [
                    .space(Space(app: manifest.name)), .workload(try fleet.workload(manifest)),
                    .route(try fleet.route(manifest)),
                ]
                items += units.flatMap { peer.objects(of: $0) }.filter { !$0.isShared }.map(\.body)
            }
            let list: JSONValue = ["apiVersion": "v1", "kind": "List", "items": .array(items)]
            let path = "\(folder)/\(name).json"
            try Data(list.bytes()).write(to: URL(filePath: path))
            return path
        }
        return (try write("first", level: "info"), try write("changed", level: "debug"))
    }

    private func peer(_ name: String, _ file: String, isDiff: Bool = false) async throws -> (String, Measurement)? {
        guard withPeer else { return nil }
        let words = name.split(separator: " ").dropFirst().map(String.init)
        try? await Kubectl().run(["create", "namespace", peerNamespace])
        let took = try await measured({ nil }) {
            try await Kubectl().run(words + ["-f", file], isDiff: isDiff)
        }
        return (name, took)
    }

    private func fetch() async throws -> (String, Measurement)? {
        guard withPeer else { return nil }
        let kinds = "deployments,services,poddisruptionbudgets,serviceaccounts,networkpolicies,ingresses"
        let took = try await measured({ nil }) {
            try await Kubectl().run(["get", kinds, "-n", settings.naming.appsNamespace, "-o", "json"])
        }
        return ("kubectl get -o json", took)
    }

    private func clean() async throws {
        let names = [settings.naming.appsNamespace, settings.naming.buildsNamespace, peerNamespace]
        try await Kubectl().run(["delete", "namespace", "--ignore-not-found", "--wait=false"] + names)
    }
}
