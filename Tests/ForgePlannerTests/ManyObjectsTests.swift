// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgePlan
import ForgePlanner
import ForgeTesting
import Testing

/// Plans for a cluster in which a process type is several objects, and some objects belong to all apps.
@Suite struct ManyObjectsTests {
    private func run(_ manifest: AppManifest) -> Wish { .run(manifest, source: Sample.digest("a")) }

    private func settled(_ manifest: AppManifest, _ types: [ProcessType] = [.web]) -> SimulatedWorld {
        var world = SimulatedWorld()
        world.dialect = ManyObjectsDialect()
        world.nextProcesses = types
        _ = world.converge(run(manifest))
        return world
    }

    @Test func `a first deploy has one step for the walls and one for each process type`() {
        var world = SimulatedWorld()
        world.dialect = ManyObjectsDialect()
        let plan = world.proposal(run(Sample.manifest(web: 2)))
        #expect(plan.steps.map(\.id) == ["build", "push", "network", "deploy/web", "route/shop.localhost"])
        #expect(plan.steps[2].action == .create && plan.steps[2].target == "network")
        #expect(
            plan.steps[3].changes.map(\.path) == ["image", "instances", "Service: port", "Budget: unavailable"]
        )
        #expect(plan.steps[3].action == .create)
    }

    @Test func `walls that all apps share and that stand already are not made again`() {
        var world = SimulatedWorld()
        world.dialect = ManyObjectsDialect()
        world.cluster.objects = world.dialect.encode(.space(Space(app: Sample.app))).filter(\.isShared)
        let step = world.proposal(run(Sample.manifest())).steps.first { $0.id == "network" }
        #expect(step?.action == .create)
        #expect(world.converge(run(Sample.manifest())).filter { $0 == "network" }.count == 1)
    }

    @Test func `nothing to do counts every object`() {
        let world = settled(Sample.manifest(web: 2))
        let plan = world.proposal(run(Sample.manifest(web: 2)))
        #expect(plan.isEmpty)
        #expect(plan.drift == [])
        #expect(plan.unchanged == Unchanged(objects: 7, images: 1))
    }

    @Test func `a deploy whose first object stands updates, and counts the fields of all its objects`() {
        var world = settled(Sample.manifest(web: 2))
        world.cluster.objects.removeAll { $0.reference.kind == "Service" }
        let plan = world.proposal(run(Sample.manifest(web: 3)))
        #expect(plan.steps.map(\.id) == ["deploy/web"])
        #expect(plan.steps[0].action == .update)
        #expect(plan.steps[0].reason == "instances, Service differ")
        #expect(
            plan.steps[0].changes == [
                FieldChange(path: "instances", from: "2", to: "3"),
                FieldChange(path: "Service: port", from: nil, to: "8080"),
            ]
        )
        #expect(plan.steps[0].unchangedFields == 2)
    }

    @Test func `an object that a process type does not need any more is removed, and the process type stays`() {
        let world = settled(Sample.manifest(web: 2))
        let plan = world.proposal(run(Sample.manifest(web: 1)))
        #expect(plan.steps.map(\.id) == ["deploy/web", "prune/Budget/shop-web"])
        #expect(plan.steps[1].target == "web: Budget")
    }

    @Test func `every object of a process type that is not described is removed`() {
        let worker = Sample.type("worker")
        let world = settled(Sample.manifest(worker: 2), [.web, worker])
        let plan = world.proposal(run(Sample.manifest()))
        #expect(plan.steps.map(\.id) == ["prune/Budget/shop-worker", "prune/Deployment/shop-worker"])
        #expect(plan.steps.map(\.target) == ["worker: Budget", "worker: Deployment"])
    }

    @Test func `the object of a host comes and goes with its route only`() {
        var world = settled(Sample.manifest())
        world.cluster.objects += world.routes.map(Unit.route).flatMap(world.dialect.encode)
        #expect(world.proposal(run(Sample.manifest())).isEmpty)
        #expect(!world.proposal(.destroy).steps.map(\.id).contains("prune/Ingress/shop.localhost"))
    }

    @Test func `destroying an app leaves what all apps share`() {
        var world = settled(Sample.manifest())
        let plan = world.proposal(.destroy)
        #expect(
            plan.steps.map(\.id) == [
                "unroute/shop.localhost", "prune/Deployment/shop-web", "prune/Service/shop-web",
                "prune/NetworkPolicy/shop", "prune/app",
            ]
        )
        _ = world.converge(.destroy, steps: 4)
        #expect(world.cluster.objects.map(\.reference.name) == ["apps", "closed"])
    }

    @Test func `a plan that removes what all apps share is not sound`() {
        let world = settled(Sample.manifest())
        let namespace = ObjectReference(kind: "Namespace", name: "apps")
        let plan = Plan(
            removing: namespace,
            app: Sample.app,
            generation: world.generation
        )
        #expect(
            PlanCheck.violations(plan, for: world.input(.destroy)) == [
                "step 1 (prune/Namespace/apps) removes what was not seen to be the app's: Namespace/apps"
            ]
        )
    }

    @Test func `walls that someone changed are set back in one step that names each object`() {
        var world = settled(Sample.manifest())
        world.edit("NetworkPolicy") { $0 = $0.with(["allow": .text("everything")]) }
        let plan = world.proposal(run(Sample.manifest()))
        #expect(plan.steps.map(\.id) == ["network"])
        #expect(plan.steps[0].action == .update)
        #expect(
            plan.steps[0].changes == [
                FieldChange(path: "NetworkPolicy/closed: allow", from: "everything", to: "nothing"),
                FieldChange(path: "NetworkPolicy/shop: allow", from: "everything", to: "itself"),
            ]
        )
        #expect(plan.drift.map(\.object.name) == ["closed", "shop"])
        #expect(plan.drift.map(\.step) == [1, 1])
    }
}

extension Plan {
    /// A plan that no planner makes.
    fileprivate init(removing object: ObjectReference, app: AppName, generation: Generation) {
        let step = Step(
            number: 1,
            kind: .prune,
            action: .delete,
            target: object.name,
            reason: "by mistake",
            work: .remove(object)
        )
        self.init(
            app: app,
            cluster: "many",
            generation: generation,
            live: nil,
            next: nil,
            manifest: nil,
            source: nil,
            drift: [],
            steps: [step],
            unknown: [],
            refusals: [],
            unenforced: [],
            unchanged: Unchanged(objects: 0, images: 0),
            onFailure: nil
        )
    }
}

extension NativeObject {
    /// The object with other fields, as someone else's write leaves it.
    func with(_ fields: [String: FieldValue], owners: [String: FieldOwner] = [:]) -> NativeObject {
        NativeObject(
            reference: reference,
            process: process,
            fields: .map(fields),
            isShared: isShared,
            owners: owners
        )
    }
}
