// SPDX-License-Identifier: Apache-2.0

import ForgeJSON
import ForgeKubernetesObjects
import ForgeModel
import ForgePlan
import ForgePlanner
import ForgeTesting
import Testing

@Suite struct DialectTests {
    private func diff(_ from: Workload, _ to: Workload, of kind: String = "Deployment") throws -> [String] {
        let dialect = try Units.dialect()
        func fields(_ workload: Workload) -> FieldValue? {
            dialect.encode(.workload(workload)).first { $0.reference.kind == kind }?.fields
        }
        return FieldDiff(kind: kind, from: fields(from), to: fields(to), dialect: dialect).changes
            .map { "\($0.path): \($0.from ?? "-") → \($0.to ?? "-")" }
    }

    @Test func `what changes is named in the manifest's words`() throws {
        let before = Units.workload()
        var after = Units.workload(
            image: .known(Sample.image("apps/shop", "b")),
            command: .shell("run --now"),
            env: ["LOG_LEVEL": "debug", "PORT": "9090", "NEW": ""],
            instances: 3,
            port: 9090,
            healthcheck: .http(path: "/ready", grace: TimeSpan(seconds: 90))
        )
        after.resources = Resources(cpu: CPU(millicores: 500), memory: Memory(bytes: 1 << 30))
        after.stopTimeout = TimeSpan(seconds: 60)
        #expect(
            try diff(before, after).sorted()
                == [
                    "command: - → run --now",
                    "env.LOG_LEVEL: info → debug",
                    "env.NEW: - → ",
                    "env.PORT: 8080 → 9090",
                    "healthcheck.grace: 60 → 90",
                    "healthcheck.path: /healthz → /ready",
                    "healthcheck.path (at start): /healthz → /ready",
                    "image: \(Sample.image("apps/shop", "a")) → \(Sample.image("apps/shop", "b"))",
                    "instances: 2 → 3",
                    "port: 8080 → 9090",
                    "program: /cnb/process/web → /cnb/lifecycle/launcher",
                    "progressDeadlineSeconds: 660 → 690",
                    "resources.cpu: 1 → 500m",
                    "resources.cpu (requested): 200m → 100m",
                    "resources.memory: 256Mi → 1Gi",
                    "resources.memory (requested): 256Mi → 1Gi",
                    "stopTimeout: 35 → 65",
                ].sorted()
        )
    }

    @Test func `only a new template makes new pods`() throws {
        let dialect = try Units.dialect()
        let set = try #require(dialect.set(of: Units.workload()))
        #expect(dialect.set(of: Units.workload(instances: 7)) == set)
        #expect(dialect.set(of: Units.workload(env: ["LOG_LEVEL": "debug", "PORT": "8080"])) != set)
        #expect(dialect.set(of: Units.workload(image: .afterBuild)) == nil)
    }

    @Test func `an image that is not built yet is a change`() throws {
        let changes = try diff(Units.workload(), Units.workload(image: .afterBuild))
        #expect(changes == ["image: \(Sample.image("apps/shop", "a")) → \(FieldChange.afterBuild)"])
    }

    @Test func `a process type has the objects that it needs`() throws {
        let dialect = try Units.dialect()
        func kinds(_ workload: Workload) -> [String] { dialect.objects(of: .workload(workload)).map(\.kind) }
        #expect(kinds(Units.workload()) == ["Deployment", "Service", "PodDisruptionBudget"])
        #expect(kinds(Units.workload(instances: 1)) == ["Deployment", "Service"])
        #expect(kinds(Units.workload(port: nil, healthcheck: .none)) == ["Deployment", "PodDisruptionBudget"])
        #expect(kinds(Units.workload(instances: 0)).isEmpty)
    }

    @Test func `older servers get what they know`() throws {
        let old = KubernetesDialect(try Units.naming(), versions: KubernetesVersions(groupVersions: [], minor: 20))
        let objects = old.objects(of: .workload(Units.workload()))
        #expect(objects.last?.apiVersion == "policy/v1beta1")
        #expect(JSONText.of(objects[0].body).contains("- \"sleep\""))
        let new = try Units.dialect().objects(of: .workload(Units.workload()))
        #expect(new.last?.apiVersion == "policy/v1")
        #expect(JSONText.of(new[0].body).contains("sleep:\n"))
    }

    @Test func `what cannot be enforced is said`() throws {
        let space = Unit.space(Space(app: Sample.app))
        #expect(try Units.dialect().unenforced([space]).isEmpty)
        #expect(try Units.dialect { $0.enforcesNetworkPolicy = false }.unenforced([space]) == ["network isolation"])
        #expect(
            try Units.dialect { $0.enforcesNetworkPolicy = false }.unenforced([.workload(Units.workload())]).isEmpty
        )
    }

    @Test func `names that are too long are cut and stay different`() throws {
        let naming = try Units.naming()
        let long = String(repeating: "x", count: 70)
        let names = ["a", "b"].map { naming.task("build-\(long)-\($0)", of: Sample.app) }
        #expect(names[0] != names[1])
        #expect(names.allSatisfy { $0.utf8.count == 63 && $0.hasPrefix("shop-build-xxx") })
        #expect(naming.task("build-1", of: Sample.app) == "shop-build-1")
    }

    @Test(arguments: ["", "Upper", "with-dash", "thirteenchars"])
    func `an instance name becomes a label's value`(_ name: String) {
        #expect(throws: InvalidValue.self) { try KubernetesNaming(instance: name) }
    }
}
