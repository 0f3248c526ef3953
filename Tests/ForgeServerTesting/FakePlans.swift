// SPDX-License-Identifier: Apache-2.0

package import ForgeEngine
package import ForgeModel
package import ForgePlan
import ForgePlanner
import ForgeServer
package import ForgeTesting

/// Plans as a test wants them: a build, a deploy and a route for a wish to run, until the test says otherwise.
package final class FakePlans: PlanSource {
    /// What plans are made of.
    package struct World: Sendable {
        /// Whether nothing is to be done.
        package var isSettled = false
        /// What makes the wish impossible.
        package var refusals: [String] = []
        /// What cannot be seen.
        package var unknown: [Unknown] = []
        /// Whether a step loses something.
        package var isDestructive = false
        /// Whether the plan is another one on every look.
        package var isRestless = false
        /// How often it was looked at.
        package var looks = 0
        /// Whether what the loop would do is never told.
        package var isStuck = false
        /// What the loop would do for apps, look by look; the last one is what is seen from then on.
        package var standing: [AppName: [Standing]] = [:]
    }

    /// How an app is beside what is wanted of it.
    package struct Standing: Sendable {
        package var steps: [Step] = []
        package var drift: [Drift] = []
        package var unknown: [Unknown] = []
        package var isUnderWay = false
        /// Why the app cannot be planned at all.
        package var fault: StoreError?

        package init(
            steps: [Step] = [],
            drift: [Drift] = [],
            unknown: [Unknown] = [],
            isUnderWay: Bool = false,
            fault: StoreError? = nil
        ) {
            self.steps = steps
            self.drift = drift
            self.unknown = unknown
            self.isUnderWay = isUnderWay
            self.fault = fault
        }
    }

    private let world = Shared(World())
    private let store: FakeStateStore
    private let images: FakeImages

    /// Plans on top of these.
    package init(store: FakeStateStore, images: FakeImages) {
        self.store = store
        self.images = images
    }

    /// How often anything was looked at.
    package var looks: Int { world.value.looks }

    /// Changes the world.
    package func change(_ change: @Sendable (inout World) -> Void) { world.update(change) }

    package func propose(_ app: AppName, _ wish: Wish) async throws -> Proposal {
        world.update { $0.looks += 1 }
        let world = world.value
        let desired = await store.desired(app)
        var steps = world.isSettled ? [] : try Sample.steps(of: app, wish, isDestructive: world.isDestructive)
        if world.isRestless { steps = Array(steps.dropLast(world.looks % 2)) }
        let plan = Sample.plan(
            app,
            generation: desired?.generation.next ?? Generation(number: 1),
            steps: steps,
            unknown: world.unknown,
            refusals: world.refusals
        )
        var isMissing = false
        if case .run(_, let source) = wish { isMissing = images.source(source) == nil && !world.isSettled }
        return Proposal(
            plan: plan,
            document: PlanDocument(plan, fingerprint: try Digest(of: plan)),
            expected: desired?.generation,
            needsSource: isMissing
        )
    }

    package func standing(_ app: AppName) async throws -> StandingPlan? {
        world.update { $0.looks += 1 }
        if world.value.isStuck { try await Task.sleep(for: .seconds(3600)) }
        guard await store.desired(app) != nil else { return nil }
        let seen = world.value.standing[app]?.first ?? Standing()
        world.update { world in
            if let looks = world.standing[app], looks.count > 1 { world.standing[app]?.removeFirst() }
        }
        if let fault = seen.fault { throw fault }
        let plan = Sample.plan(app, steps: seen.steps, drift: seen.drift, unknown: seen.unknown)
        return StandingPlan(
            plan: plan,
            document: PlanDocument(plan, fingerprint: try Digest(of: plan)),
            isUnderWay: seen.isUnderWay
        )
    }
}
