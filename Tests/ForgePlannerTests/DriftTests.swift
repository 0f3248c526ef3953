// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgePlan
import ForgePlanner
import ForgeTesting
import Testing

/// What is said of changes that someone else made, and what is done about them.
@Suite struct DriftTests {
    /// 2026-11-23T14:02:31Z
    private static let owner = FieldOwner(manager: "kubectl-edit", since: Timestamp(number: 1_795_442_551_000))

    private func wish(_ policy: DriftPolicy = .repair, web: Int = 3) -> Wish {
        var manifest = Sample.manifest(web: web)
        manifest.drift = policy
        return .run(manifest, source: Sample.digest("a"))
    }

    private func settled(_ policy: DriftPolicy = .repair) -> SimulatedWorld {
        var world = SimulatedWorld()
        world.dialect = ManyObjectsDialect()
        _ = world.converge(wish(policy))
        return world
    }

    private func scale(_ world: inout SimulatedWorld, to instances: String) {
        let image = FieldValue.text("127.0.0.1:5000/apps/shop@\(Sample.digest("1"))")
        world.edit("Deployment") { object in
            let spec: [String: FieldValue] = ["image": image, "replicas": .text(instances)]
            object = object.with(["spec": .map(spec)], owners: ["instances": Self.owner])
        }
    }

    /// The plan that the loop makes for a settled app.
    private func standing(_ world: SimulatedWorld, _ policy: DriftPolicy = .repair) -> Plan {
        let input = world.input(wish(policy))
        guard let settled = world.record.settled else { return world.planner.plan(input) }
        return world.planner.plan(
            PlanInput(
                app: input.app,
                generation: settled,
                wish: input.wish,
                record: input.record,
                platform: input.platform,
                observation: input.observation
            )
        )
    }

    @Test func `a field that someone changed is told with who and when`() {
        var world = settled()
        scale(&world, to: "5")
        let plan = world.proposal(wish())
        #expect(
            plan.drift == [
                Drift(
                    object: ObjectReference(kind: "Deployment", name: "shop-web"),
                    change: FieldChange(path: "instances", from: "3", to: "5"),
                    step: 1,
                    owner: Self.owner
                )
            ]
        )
        let text = PlanText().render(PlanDocument(plan, fingerprint: Sample.digest("0")))
        #expect(
            text.contains(
                """
                Changed outside forge since v1
                  Deployment/shop-web   instances   3 → 5   kubectl-edit, 2026-11-23T14:02Z   step 1 sets it back

                """
            )
        )
    }

    @Test func `objects that are gone, or are there and should not be, are drift`() {
        var world = settled()
        let budget = world.cluster.objects.first { $0.reference.kind == "Budget" }
        world.cluster.objects.removeAll { ["Service", "NetworkPolicy"].contains($0.reference.kind) }
        world.routes = []
        let web = ObjectReference(kind: "Budget", name: "other")
        world.cluster.objects += budget.map { [NativeObject(reference: web, process: .web, fields: $0.fields)] } ?? []
        let plan = standing(world)
        #expect(
            plan.drift.map { "\($0.object) \($0.change.path) \($0.change.from ?? "-") \($0.change.to ?? "-")" } == [
                "Service/shop-web object present -",
                "NetworkPolicy/closed object present -",
                "NetworkPolicy/shop object present -",
                "route/shop.localhost process web -",
                "Budget/other object - present",
            ]
        )
        #expect(!plan.drift.contains { $0.step == nil })
    }

    @Test func `the loop repairs drift unless the manifest says to report it`() {
        for policy in DriftPolicy.allCases {
            var world = settled(policy)
            scale(&world, to: "5")
            let plan = standing(world, policy)
            #expect(plan.drift.count == 1)
            #expect(plan.steps.map(\.id) == (policy == .repair ? ["deploy/web"] : []))
        }
    }

    @Test func `drift that is only reported is never called as described`() {
        var world = settled(.report)
        scale(&world, to: "5")
        let text = PlanText().render(PlanDocument(standing(world, .report), fingerprint: Sample.digest("0")))
        #expect(text.contains("instances   3 → 5   kubectl-edit, 2026-11-23T14:02Z   nothing sets it back\n"))
        #expect(text.hasSuffix("\nPlan: nothing is done about it (drift: report); forge deploy sets it back.\n"))
    }

    @Test func `a new deploy sets back what was only reported`() {
        var world = settled(.report)
        scale(&world, to: "5")
        #expect(world.proposal(wish(.report)).steps.map(\.id) == ["deploy/web"])
    }

    @Test func `a failed deploy puts the live release back, whatever the drift policy`() {
        var world = settled(.report)
        scale(&world, to: "5")
        world.record.failure = DeployFailure(
            generation: world.generation,
            step: "deploy/web",
            message: "broken",
            output: [],
            at: Timestamp(number: 0)
        )
        #expect(standing(world, .report).steps.map(\.id) == ["deploy/web"])
    }

    @Test func `another drift policy is a release of its own, although nothing that runs changes`() {
        let world = settled()
        let plan = world.proposal(wish(.report))
        #expect(plan.steps.map(\.id) == ["record"])
        #expect(plan.steps.first?.reason == "drift: report from now on")
    }
}
