// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgePlan
import ForgePlanner
import ForgeTesting
import Synchronization
import Testing

@testable import ForgeEngine

@Suite struct ReconcilePassTests {
    @Test func `a deploy ends with a release that serves`() async throws {
        let bench = Bench()
        try await bench.commit(Sample.wish("a"))
        #expect(try await bench.settle() == .succeeded)
        let record = await bench.store.record(Sample.app)
        #expect(record.live?.number == ReleaseNumber(number: 1))
        #expect(record.live?.image == Sample.digest("1"))
        #expect(await bench.store.journal(Sample.app) == nil)
        #expect(bench.world.state.withLock { $0.tasks }.isEmpty)
        let events = await bench.store.allEvents(Sample.app)
        #expect(
            events.filter { $0.kind == .done }.map(\.step)
                == ["build", "push", "network", "release", "deploy/web", "route/shop.localhost"]
        )
        #expect(events.contains { $0.kind == .output && $0.step == "build" && $0.detail == "detect says hello" })
    }

    @Test func `applying the same wish twice is applying it once`() async throws {
        let bench = Bench()
        try await bench.commit(Sample.wish("a"))
        _ = try await bench.settle()
        let before = bench.world.state.withLock { $0.effects }
        try await bench.commit(Sample.wish("a"))
        #expect(try await bench.settle() == .succeeded)
        #expect(bench.world.state.withLock { $0.effects } == before)
        #expect(await bench.store.record(Sample.app).live?.number == ReleaseNumber(number: 1))
    }

    /// Kill -9 between any two effects, and in the middle of each: specs/architecture.md §6, invariant 3.
    @Test(arguments: 1...40)
    func `a crash at any effect leads to the same end`(crash: Int) async throws {
        let bench = Bench()
        bench.world.state.withLock { $0.crashAt = crash }
        try await bench.commit(Sample.wish("a"))
        #expect(try await bench.settle() == .succeeded)
        let record = await bench.store.record(Sample.app)
        #expect(record.live?.number == ReleaseNumber(number: 1))
        let world = bench.world.state.withLock { $0 }
        #expect(world.begun.filter { $0.key.hasPrefix("release") }.map(\.value) == [1])
        #expect(world.begun.values.max() == 1)
        #expect(world.tasks.isEmpty)
        #expect(world.objects.keys.sorted().map(\.description) == ["containers/shop.web", "network/shop"])
        #expect(world.routes.map(\.host.text) == ["shop.localhost"])
        #expect(world.published == [ReleaseNumber(number: 1): Sample.digest("1")])
    }

    @Test(arguments: 1...40)
    func `a crash at any effect of a failing deploy leaves the live release as it was`(crash: Int) async throws {
        let bench = Bench()
        try await bench.commit(Sample.wish("a"))
        _ = try await bench.settle()
        let before = bench.world.state.withLock { state in
            state.nextImage = Sample.digest("2")
            state.broken = [Sample.digest("2")]
            state.crashAt = state.effects * 2 + crash
            return state.objects
        }
        try await bench.commit(Sample.wish("b", env: ["A": "1"]))
        #expect(try await bench.settle() == .failed)
        let record = await bench.store.record(Sample.app)
        #expect(record.live?.number == ReleaseNumber(number: 1))
        #expect(record.failure?.step == "deploy/web")
        #expect(record.failure?.output == ["boom"])
        #expect(bench.world.state.withLock { $0.objects } == before)
    }

    @Test func `a build that fails changes nothing and gives no number`() async throws {
        let bench = Bench()
        bench.world.state.withLock { $0.failingTasks = [.build] }
        try await bench.commit(Sample.wish("a"))
        #expect(try await bench.settle() == .failed)
        let record = await bench.store.record(Sample.app)
        #expect(record.failure?.message == "the build, phase prepare: exited with 7")
        #expect(record.lastNumber == nil)
        #expect(bench.world.state.withLock { $0.objects }.isEmpty)
    }

    @Test func `a release command that fails deploys nothing`() async throws {
        let bench = Bench()
        bench.world.state.withLock { $0.failingTasks = [.release] }
        try await bench.commit(Sample.wish("a"))
        #expect(try await bench.settle() == .failed)
        #expect(await bench.store.record(Sample.app).failure?.message == "the release command: exited with 7")
        #expect(bench.world.state.withLock { $0.objects }.isEmpty)
    }

    @Test func `a fix replaces a broken release, under a number of its own`() async throws {
        let bench = Bench()
        bench.world.state.withLock { $0.broken = [Sample.digest("1")] }
        try await bench.commit(Sample.wish("a"))
        #expect(try await bench.settle() == .failed)
        bench.world.state.withLock { $0.nextImage = Sample.digest("2") }
        try await bench.commit(Sample.wish("b"))
        #expect(try await bench.settle() == .succeeded)
        #expect(await bench.store.record(Sample.app).live?.number == ReleaseNumber(number: 2))
    }

    @Test func `a newer wish takes the place of one that is under way`() async throws {
        let bench = Bench()
        try await bench.commit(Sample.wish("a"))
        _ = try await bench.visit()
        try await bench.commit(Sample.wish("b"))
        #expect(try await bench.settle() == .succeeded)
        let results = await bench.store.allEvents(Sample.app).filter { $0.kind == .result }
        #expect(results.map(\.outcome) == [.superseded, .succeeded])
        #expect(bench.world.state.withLock { $0.tasks }.isEmpty)
    }

    @Test func `a newer wish waits for a release command that runs, and never ends it`() async throws {
        let bench = Bench()
        bench.world.state.withLock { $0.endless = [.release] }
        try await bench.commit(Sample.wish("a"))
        #expect(try await bench.settle(visits: 5) == nil)
        let running = bench.world.state.withLock { $0.tasks }
        #expect(running.keys.map { $0.prefix(9) } == ["release-1"])
        try await bench.commit(Sample.wish("b"))
        #expect(try await bench.settle(visits: 5) == nil)
        #expect(bench.world.state.withLock { $0.tasks } == running)
        // It ends by itself, and only then the newer generation begins.
        bench.world.state.withLock { state in
            state.endless = []
            state.tasks = state.tasks.mapValues { _ in .succeeded }
        }
        #expect(try await bench.settle() == .succeeded)
        #expect(bench.world.state.withLock { $0.begun.values.max() } == 1)
    }

    @Test func `a cluster that does not answer is waited for, and nothing is removed`() async throws {
        let bench = Bench()
        try await bench.commit(Sample.wish("a"))
        _ = try await bench.settle()
        bench.world.state.withLock { $0.unreachable = true }
        try await bench.commit(Sample.wish("b"))
        for _ in 0..<5 { _ = try await bench.visit() }
        #expect(await bench.outcome() == nil)
        bench.world.state.withLock { $0.unreachable = false }
        #expect(try await bench.settle() == .succeeded)
        #expect(bench.world.state.withLock { $0.removed }.isEmpty)
    }

    @Test func `what is removed by hand comes back`() async throws {
        let bench = Bench()
        try await bench.commit(Sample.wish("a"))
        _ = try await bench.settle()
        let before = bench.world.state.withLock { state in
            let objects = state.objects
            state.objects = state.objects.filter { $0.value.process == nil }
            return objects
        }
        _ = try await bench.visit()
        #expect(bench.world.state.withLock { $0.objects } == before)
    }

    @Test func `what is removed by hand stays away where drift is only reported, until the next deploy`() async throws {
        let bench = Bench()
        guard case .run(var manifest, let source) = Sample.wish("a") else { return }
        manifest.drift = .report
        let wish = Wish.run(manifest, source: source)
        try await bench.commit(wish)
        #expect(try await bench.settle() == .succeeded)
        let (before, effects) = bench.world.state.withLock { state in
            let objects = state.objects
            state.objects = state.objects.filter { $0.value.process == nil }
            return (objects, state.effects)
        }
        for _ in 0..<3 { _ = try await bench.visit() }
        #expect(bench.world.state.withLock { $0.effects } == effects)
        let standing = try #require(try await bench.standing())
        #expect(standing.plan.isEmpty)
        #expect(standing.plan.drift.map(\.change) == [FieldChange(path: "instances", from: "1", to: nil)])
        try await bench.commit(wish)
        #expect(try await bench.settle() == .succeeded)
        #expect(bench.world.state.withLock { $0.objects } == before)
        #expect(await bench.store.record(Sample.app).live?.number == ReleaseNumber(number: 1))
    }

    @Test func `the standing plan is what the loop does next, and writes nothing`() async throws {
        let bench = Bench()
        #expect(try await bench.standing() == nil)
        try await bench.commit(Sample.wish("a"))
        let first = try #require(try await bench.standing())
        #expect(first.isUnderWay && first.plan.steps.first?.id == "build")
        #expect(bench.world.state.withLock { $0.effects } == 0)
        #expect(await bench.store.journal(Sample.app) == nil)
        _ = try await bench.settle()
        #expect(try await bench.standing()?.plan.isEmpty == true)
        bench.world.state.withLock { state in state.objects = state.objects.filter { $0.value.process == nil } }
        let repair = try #require(try await bench.standing())
        #expect(!repair.isUnderWay && repair.plan.steps.map(\.id) == ["deploy/web"])
        #expect(repair.plan.drift.map(\.step) == [1])
    }

    @Test(arguments: 1...14)
    func `a crash while destroying leaves nothing behind`(crash: Int) async throws {
        let bench = Bench()
        try await bench.commit(Sample.wish("a"))
        _ = try await bench.settle()
        bench.world.state.withLock { $0.crashAt = $0.effects * 2 + crash }
        try await bench.commit(.destroy)
        #expect(try await bench.settle() == .succeeded)
        #expect(await bench.store.desired(Sample.app) == nil)
        let world = bench.world.state.withLock { $0 }
        #expect(world.objects.isEmpty && world.routes.isEmpty && world.published.isEmpty)
    }
}
