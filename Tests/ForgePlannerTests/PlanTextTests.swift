// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgePlan
import ForgePlanner
import ForgeTesting
import Testing

/// The text of plans, to the letter (specs/plan.md §8).
@Suite struct PlanTextTests {
    private func text(_ world: SimulatedWorld, _ wish: Wish, _ style: PlanText.Style = .init()) throws -> String {
        let plan = world.proposal(wish)
        let text = PlanText(style: style).render(PlanDocument(plan, fingerprint: try Digest(of: plan)))
        return plan.manifest.map { text.replacing($0.hex.prefix(7), with: "MMMMMMM") } ?? text
    }

    @Test func `a first deploy`() throws {
        let wish = Wish.run(
            Sample.manifest(env: ["GREETING": "hello you"], release: .shell("bin/migrate")),
            source: Sample.digest("a")
        )
        let shown = try text(SimulatedWorld(), wish)
        #expect(
            shown == """
                shop on testbed, nothing live, this would be v1
                manifest MMMMMMM, source aaaaaaa

                  1  + build     shop            first build
                  2  + push      shop:v1         127.0.0.1:5000/apps/shop@(known after build)
                  3  + deploy    network         the app's own, closed to other apps
                  4  > release   bin/migrate     once, before any traffic, waits at most 1h, not cancellable
                  5  + deploy    web             not there yet, no downtime, waits for 1 of 1 ready, at most 5m
                       + command       /cnb/process/web
                       + env.GREETING  "hello you"
                       + env.PORT      8080
                       + image         (known after build)
                       + instances     1
                       + memory        512Mi
                  6  + route     shop.localhost  to web

                Plan: 1 build, 1 push, 1 release, 3 to add, 0 to change, 0 to delete, 0 unchanged.

                """
        )
    }

    @Test func `nothing to do`() throws {
        var world = SimulatedWorld()
        let wish = Wish.run(Sample.manifest(), source: Sample.digest("a"))
        _ = world.converge(wish)
        #expect(
            try text(world, wish) == "shop on testbed, live v1. No changes: 3 objects and 1 image are as described.\n"
        )
    }

    @Test func `a new source and configuration, in ASCII`() throws {
        var world = SimulatedWorld()
        _ = world.converge(.run(Sample.manifest(env: ["A": "1", "OLD": "on"]), source: Sample.digest("a")))
        let wish = Wish.run(Sample.manifest(env: ["A": "2", "NEW": ""]), source: Sample.digest("b"))
        let shown = try text(world, wish, PlanText.Style(glyphs: .ascii))
        #expect(
            shown == """
                shop on testbed, live v1, this would be v2
                manifest MMMMMMM, source bbbbbbb

                  1  + build     shop     source changed
                  2  + push      shop:v2  127.0.0.1:5000/apps/shop@(known after build)
                  3  ~ deploy    web      env, image differ, no downtime, waits for 1 of 1 ready, at most 5m
                         env.A    1 -> 2
                       + env.NEW  ""
                       - env.OLD  on
                         image    127.0.0.1:5000/apps/shop@sha256:111111111111 -> (known after build)
                         # 4 unchanged fields hidden

                Plan: 1 build, 1 push, 0 to add, 1 to change, 0 to delete, 2 unchanged.
                If a step fails, v1 keeps serving.

                """
        )
    }

    @Test func `a cluster that cannot be seen`() throws {
        let world = SimulatedWorld()
        let seen = world.input(.run(Sample.manifest(), source: Sample.digest("a")))
        let input = PlanInput(
            app: seen.app,
            generation: seen.generation,
            wish: seen.wish,
            record: seen.record,
            platform: seen.platform,
            observation: Observation(
                cluster: .unknown("no answer from podman (connection refused)"),
                images: seen.observation.images,
                routes: seen.observation.routes
            )
        )
        let plan = world.planner.plan(input)
        let shown = PlanText().render(PlanDocument(plan, fingerprint: Sample.digest("0")))
        #expect(
            shown.replacing(plan.manifest?.hex.prefix(7) ?? "", with: "MMMMMMM") == """
                shop on testbed, nothing live
                manifest MMMMMMM, source aaaaaaa

                  !  cluster unknown: no answer from podman (connection refused). Nothing will be done to it.

                Plan: nothing can be planned before this is known. Nothing was changed.

                """
        )
    }

    @Test func `destroying says what cannot be undone`() throws {
        var world = SimulatedWorld()
        _ = world.converge(.run(Sample.manifest(), source: Sample.digest("a")))
        let shown = try text(world, .destroy)
        #expect(
            shown == """
                shop on testbed, live v1

                  1  - route     shop.localhost  the app is destroyed, cannot be undone
                  2  - prune     web             the app is destroyed, cannot be undone
                  3  - prune     network         the app is destroyed, cannot be undone
                  4  - prune     shop            its images, sources and releases, cannot be undone

                Plan: 0 to add, 0 to change, 4 to delete, 0 unchanged.

                """
        )
    }
}
