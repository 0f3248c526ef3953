// SPDX-License-Identifier: Apache-2.0

package import ForgeModel

/// One thing that happened on the way of a generation; what `forge deploy` prints is made from these (specs/states.md §5).
package struct DeployEvent: Hashable, Sendable, Codable {
    /// What happened.
    package enum Kind: String, Sendable, Codable {
        /// A plan was made; a later one of the same generation replaces it.
        case planned
        /// A step began.
        case started
        /// A waiting step came further: `2 of 3 ready`.
        case progress
        /// A step ended well.
        case done
        /// A step failed; `failure` says why.
        case failed
        /// A line of a step's output.
        case output
        /// The generation has ended; nothing follows.
        case result
    }

    /// What happened.
    package let kind: Kind
    /// The generation.
    package let generation: Generation
    /// When.
    package let at: Timestamp
    /// The plan, of `planned`.
    package var plan: PlanDocument?
    /// The step's identity, where the event is about a step.
    package var step: String?
    /// One line for people: what was built, how many are ready, the output's line.
    package var detail: String?
    /// How long the step took, of `done` and `failed`.
    package var milliseconds: Int?
    /// Why, of `failed` and of a `result` that is not good.
    package var failure: DeployFailure?
    /// How it ended, of `result`.
    package var outcome: DeployOutcome?

    /// Records an event.
    package init(
        _ kind: Kind,
        generation: Generation,
        at: Timestamp,
        plan: PlanDocument? = nil,
        step: String? = nil,
        detail: String? = nil,
        milliseconds: Int? = nil,
        failure: DeployFailure? = nil,
        outcome: DeployOutcome? = nil
    ) {
        self.kind = kind
        self.generation = generation
        self.at = at
        self.plan = plan
        self.step = step
        self.detail = detail
        self.milliseconds = milliseconds
        self.failure = failure
        self.outcome = outcome
    }
}

/// How a generation ended.
package enum DeployOutcome: String, Sendable, Codable {
    /// It serves, or it is gone as asked.
    case succeeded
    /// It failed; what served before serves still.
    case failed
    /// It failed, and what served before does not serve as it did.
    case degraded
    /// A newer generation took its place.
    case superseded
}
