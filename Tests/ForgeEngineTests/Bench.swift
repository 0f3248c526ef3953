// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgePlan
import ForgePlanner
import ForgeTesting
import Logging

@testable import ForgeEngine

extension Sample {
    /// The build keys of the sources that tests use.
    static let keys = "abe".compactMap { digit in
        try? BuildKey(source: digest(digit), settings: BuildSettings(), platform: platform)
    }

    static func wish(_ source: Character, env: [String: String] = [:], release: String? = "bin/migrate") -> Wish {
        .run(manifest(env: env, release: release.map(ProcessCommand.shell)), source: digest(source))
    }
}

/// A store, a world and a loop that is stepped by hand: no time passes by itself.
final class Bench: Sendable {
    let store = FakeStateStore()
    let world = FakeWorld()
    let time = Shared(Timestamp(number: 1_000_000))

    private var pass: ReconcilePass {
        let clock = WallClock { self.time.value }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return ReconcilePass(
            store: store,
            observer: Observer(cluster: world, images: world, router: world),
            executor: PlanExecutor(cluster: world, images: world, router: world),
            pump: OutputPump(cluster: world, store: store, clock: clock, logger: logger),
            clock: clock,
            settings: Reconciler.Settings(),
            logger: logger
        )
    }

    /// What the loop would do next.
    func standing() async throws -> StandingPlan? {
        let observer = Observer(cluster: world, images: world, router: world)
        return try await Proposer(store: store, observer: observer, cluster: world).standing(Sample.app)
    }

    /// Commits a wish after whatever is there.
    func commit(_ wish: Wish) async throws {
        let current = await store.desired(Sample.app)?.generation
        _ = try await store.commit(Sample.app, wish, by: "ana", at: time.value, expected: current)
    }

    /// One visit to the app; false when a crash ended it.
    func visit() async throws -> Bool {
        await store.wake(Sample.app, after: nil)
        guard let claim = await store.claim(worker: "test", lease: TimeSpan(seconds: 60)) else { return true }
        var survived = true
        do {
            _ = try await pass.run(claim)
        } catch is Crash {
            survived = false
        }
        await store.finish(claim, again: nil)
        time.update { $0 = $0.adding(milliseconds: 1000) }
        return survived
    }

    /// Visits until the newest generation has its result; gives the outcome, or nil when it takes more visits than that.
    func settle(visits: Int = 30) async throws -> DeployOutcome? {
        for _ in 0..<visits {
            let survived = try await visit()
            if survived, let outcome = await outcome() { return outcome }
        }
        return nil
    }

    /// The outcome of the newest generation, if it has one that stands.
    func outcome() async -> DeployOutcome? {
        guard let desired = await store.desired(Sample.app) else { return .succeeded }
        guard await store.record(Sample.app).settled == desired.generation else { return nil }
        return await store.allEvents(Sample.app).last { $0.kind == .result && $0.generation == desired.generation }?
            .outcome
    }
}
