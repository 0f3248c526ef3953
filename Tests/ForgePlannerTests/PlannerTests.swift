// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgePlan
import ForgePlanner
import ForgeTesting
import Testing

@Suite struct PlannerTests {
    private func run(_ manifest: AppManifest, source: Character = "a") -> Wish {
        .run(manifest, source: Sample.digest(source))
    }

    @Test func `a first deploy builds, pushes, walls off, deploys and routes, in this order`() {
        var world = SimulatedWorld()
        let wish = run(Sample.manifest(release: .shell("bin/migrate")))
        #expect(
            world.proposal(wish).steps.map(\.id) == [
                "build", "push", "network", "release", "deploy/web", "route/shop.localhost",
            ]
        )
        #expect(
            world.converge(wish) == ["build", "push", "network", "release", "deploy/web", "route/shop.localhost"]
        )
        #expect(world.record.live?.number == ReleaseNumber(number: 1))
    }

    @Test func `the same wish again changes nothing`() {
        var world = SimulatedWorld()
        let wish = run(Sample.manifest(env: ["A": "1"], worker: 2))
        world.nextProcesses = [.web, Sample.type("worker")]
        _ = world.converge(wish)
        let plan = world.proposal(wish)
        #expect(plan.isEmpty)
        #expect(plan.next == nil)
        #expect(plan.unchanged == Unchanged(objects: 4, images: 1))
    }

    @Test func `a new source builds anew, and deploys what the build gave`() {
        var world = SimulatedWorld()
        _ = world.converge(run(Sample.manifest()))
        world.nextImage = Sample.digest("2")
        let plan = world.proposal(run(Sample.manifest(), source: "b"))
        #expect(plan.steps.map(\.id) == ["build", "push", "deploy/web"])
        #expect(plan.steps[0].reason == "source changed")
        let image = "127.0.0.1:5000/apps/shop@\(Sample.digest("1"))"
        #expect(plan.steps[2].changes == [FieldChange(path: "image", from: image, to: "(known after build)")])
        _ = world.converge(run(Sample.manifest(), source: "b"))
        #expect(world.record.live?.image == Sample.digest("2"))
    }

    @Test func `a change of configuration alone deploys and runs the release command, but builds nothing`() {
        var world = SimulatedWorld()
        _ = world.converge(run(Sample.manifest(env: ["A": "1"], release: .shell("migrate"))))
        let plan = world.proposal(run(Sample.manifest(env: ["A": "2"], release: .shell("migrate"))))
        #expect(plan.steps.map(\.id) == ["release", "deploy/web"])
        #expect(plan.steps[1].changes == [FieldChange(path: "env.A", from: "1", to: "2")])
        #expect(plan.steps[1].unchangedFields == 5)
    }

    @Test func `a change of scale alone runs no release command`() {
        var world = SimulatedWorld()
        _ = world.converge(run(Sample.manifest(release: .shell("migrate"))))
        let plan = world.proposal(run(Sample.manifest(release: .shell("migrate"), web: 3)))
        #expect(plan.steps.map(\.id) == ["deploy/web"])
    }

    @Test func `a process type that is not described any more is removed last`() {
        var world = SimulatedWorld()
        world.nextProcesses = [.web, Sample.type("worker")]
        _ = world.converge(run(Sample.manifest(worker: 1)))
        let plan = world.proposal(run(Sample.manifest(env: ["A": "1"])))
        #expect(plan.steps.map(\.id) == ["deploy/web", "prune/containers/shop.worker"])
    }

    @Test func `process types that only the image knows are planned after the build`() {
        var world = SimulatedWorld()
        let wish = run(AppManifest(name: Sample.app))
        #expect(world.proposal(wish).steps.map(\.id) == ["build", "push", "network", "deploy"])
        #expect(world.converge(wish).suffix(2) == ["deploy/web", "route/shop.localhost"])
    }

    @Test func `a process without a command is refused as soon as the image is known`() {
        var world = SimulatedWorld()
        let wish = run(Sample.manifest(worker: 1))
        _ = world.converge(wish, steps: 2)
        let plan = world.proposal(wish)
        #expect(plan.steps.isEmpty)
        #expect(
            plan.refusals == [
                "process 'worker' has no command: the image knows web; add it to the Procfile, or processes.worker.command"
            ]
        )
    }

    @Test func `a failed deploy returns to the live release`() {
        var world = SimulatedWorld()
        _ = world.converge(run(Sample.manifest()))
        world.nextImage = Sample.digest("2")
        let broken = run(Sample.manifest(), source: "b")
        _ = world.converge(broken, steps: 3)
        world.record.failure = DeployFailure(
            generation: world.generation,
            step: "deploy/web",
            message: "broken",
            output: [],
            at: Timestamp(number: 0)
        )
        #expect(world.converge(broken) == ["deploy/web"])
        #expect(world.proposal(run(Sample.manifest())).isEmpty)
    }

    @Test func `a failed first deploy leaves nothing`() {
        var world = SimulatedWorld()
        let wish = run(Sample.manifest())
        _ = world.converge(wish, steps: 4)
        world.record.failure = DeployFailure(
            generation: world.generation,
            step: "deploy/web",
            message: "broken",
            output: [],
            at: Timestamp(number: 0)
        )
        #expect(world.converge(wish) == ["prune/containers/shop.web", "prune/network/shop"])
        #expect(world.cluster.objects.isEmpty)
    }

    @Test func `an app is destroyed only by a wish, and everything of it goes`() {
        var world = SimulatedWorld()
        _ = world.converge(run(Sample.manifest()))
        let plan = world.proposal(.destroy)
        #expect(
            plan.steps.map(\.id) == [
                "unroute/shop.localhost", "prune/containers/shop.web", "prune/network/shop", "prune/app",
            ]
        )
        #expect(!plan.steps.contains { !$0.isDestructive })
    }

    @Test(arguments: ["cluster", "registry", "platform"])
    func `what cannot be seen is unknown, and nothing is planned on it`(part: String) {
        let world = SimulatedWorld()
        let seen = world.input(run(Sample.manifest()))
        let input = PlanInput(
            app: seen.app,
            generation: seen.generation,
            wish: seen.wish,
            record: seen.record,
            platform: part == "platform" ? .unknown("gone") : seen.platform,
            observation: Observation(
                cluster: part == "cluster" ? .unknown("gone") : seen.observation.cluster,
                images: part == "registry" ? .unknown("gone") : seen.observation.images,
                routes: seen.observation.routes
            )
        )
        let plan = world.planner.plan(input)
        #expect(plan.steps.isEmpty)
        #expect(plan.unknown == [Unknown(subject: part, reason: "gone")])
    }

    @Test func `what was changed outside is drift, and a step sets it back`() {
        var world = SimulatedWorld()
        let wish = run(Sample.manifest(web: 2))
        _ = world.converge(wish)
        world.cluster.objects.removeAll { $0.process == .web }
        world.cluster.objects += PlainDialect().encode(
            .workload(
                Workload(
                    app: Sample.app,
                    process: .web,
                    image: .known(Sample.image("apps/shop", "1")),
                    command: .image,
                    env: ["PORT": "8080"],
                    instances: 1,
                    resources: Resources(),
                    port: 8080,
                    healthcheck: .none
                )
            )
        )
        let plan = world.proposal(wish)
        #expect(plan.steps.map(\.id) == ["deploy/web"])
        let reference = ObjectReference(kind: "containers", name: "shop.web")
        #expect(
            plan.drift == [
                Drift(object: reference, change: FieldChange(path: "instances", from: "2", to: "1"), step: 1)
            ]
        )
    }

    @Test func `a release whose every process is off is recorded as such`() {
        var world = SimulatedWorld()
        _ = world.converge(run(Sample.manifest(worker: 0)))
        var manifest = Sample.manifest(worker: 0)
        manifest.processes[Sample.type("worker")]?.command = .shell("other")
        #expect(world.proposal(run(manifest)).steps.map(\.id) == ["record"])
    }
}
