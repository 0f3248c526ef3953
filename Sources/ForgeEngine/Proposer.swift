// SPDX-License-Identifier: Apache-2.0

package import ForgeModel
package import ForgePlan
import ForgePlanner

/// Makes the plans that people are shown: of wishes that nobody has committed to, and of what is wanted already. Only
/// reads, writes nothing anywhere (specs/plan.md §1).
package struct Proposer: Sendable {
    private let store: any StateStore
    private let observer: Observer
    private let cluster: any Cluster

    /// Proposes with these parts; of the cluster only its dialect, which it may know only when it has been seen.
    package init(store: any StateStore, observer: Observer, cluster: any Cluster) {
        self.store = store
        self.observer = observer
        self.cluster = cluster
    }

    /// The plan of a wish, were it committed now.
    package func propose(_ app: AppName, _ wish: Wish) async throws -> Proposal {
        let desired = try await store.desired(app)
        let record = try await store.record(app)
        let generation = desired?.generation.next ?? Generation(number: 1)
        let target = PlanTarget(wish, generation: generation, record: record)
        let (platform, observation) = try await observer.observe(app, target)
        let input = PlanInput(
            app: app,
            generation: generation,
            wish: wish,
            record: record,
            isUnderWay: desired.map { $0.generation != record.settled } ?? false,
            platform: platform,
            observation: observation
        )
        let plan = Planner(dialect: cluster.dialect).plan(input)
        try PlanCheck.require(plan, for: input)
        return Proposal(
            plan: plan,
            document: PlanDocument(plan, fingerprint: try Digest(of: plan)),
            expected: desired?.generation,
            needsSource: plan.steps.contains { $0.kind == .build } && observation.lacksSource
        )
    }

    /// What the loop would do for an app now, with what is wanted of it already; nil when the app is not known.
    package func standing(_ app: AppName) async throws -> StandingPlan? {
        guard let desired = try await store.desired(app) else { return nil }
        let record = try await store.record(app)
        let journal = try await store.journal(app)
        let target = PlanTarget(desired.wish, generation: desired.generation, record: record)
        let (platform, observation) = try await observer.observe(app, target)
        let input = PlanInput(
            standing: desired,
            of: app,
            record: record,
            journal: journal?.generation == desired.generation ? journal : nil,
            platform: platform,
            observation: observation
        )
        let plan = Planner(dialect: cluster.dialect).plan(input)
        try PlanCheck.require(plan, for: input)
        return StandingPlan(
            plan: plan,
            document: PlanDocument(plan, fingerprint: try Digest(of: plan)),
            isUnderWay: input.isUnderWay
        )
    }
}

/// What the loop would do for an app as it is wanted: nothing, when everything is as described.
package struct StandingPlan: Sendable {
    /// The plan.
    package let plan: Plan
    /// The plan as it is shown, with its fingerprint.
    package let document: PlanDocument
    /// Whether a generation is under way: its steps are no difference, but work in progress.
    package let isUnderWay: Bool

    /// Holds a plan.
    package init(plan: Plan, document: PlanDocument, isUnderWay: Bool) {
        self.plan = plan
        self.document = document
        self.isUnderWay = isUnderWay
    }
}

extension PlanInput {
    /// The input for what is wanted already, as opposed to a proposal.
    ///
    /// - Parameter journal: what is under way for the wanted generation, if anything is.
    init(
        standing desired: DesiredApp,
        of app: AppName,
        record: AppRecord,
        journal: Journal?,
        platform: Known<Platform>,
        observation: Observation
    ) {
        self.init(
            app: app,
            generation: desired.generation,
            wish: desired.wish,
            record: record,
            done: journal?.doneOnce ?? [],
            number: journal?.release,
            isUnderWay: record.settled != desired.generation,
            platform: platform,
            observation: observation
        )
    }
}

/// What a wish would do.
package struct Proposal: Sendable {
    /// The plan.
    package let plan: Plan
    /// The plan as it is shown, with its fingerprint.
    package let document: PlanDocument
    /// The generation that a commit must find.
    package let expected: Generation?
    /// Whether the source tree must be stored before a commit.
    package let needsSource: Bool

    /// Holds a proposal.
    package init(plan: Plan, document: PlanDocument, expected: Generation?, needsSource: Bool) {
        self.plan = plan
        self.document = document
        self.expected = expected
        self.needsSource = needsSource
    }
}

/// A plan that broke a rule that no plan may break: a fault of the planner, so nothing is applied.
package struct UnsoundPlan: Error, Sendable, CustomStringConvertible {
    /// What it does that it must not.
    package let violations: [String]

    /// One line for a person.
    package var description: String {
        "the plan was refused by the plan checker: " + violations.joined(separator: "; ")
    }
}

extension PlanCheck {
    /// Throws ``UnsoundPlan`` when a plan is not sound.
    static func require(_ plan: Plan, for input: PlanInput) throws {
        let violations = violations(plan, for: input)
        guard violations.isEmpty else { throw UnsoundPlan(violations: violations) }
    }
}

extension Observation {
    fileprivate var lacksSource: Bool {
        if case .known(let facts) = images { facts.source == nil } else { true }
    }
}
