// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import ForgeClient
import ForgePlan

/// A plan that is about to be committed is shown: it is not the command's result, so it goes to stderr.
struct PlanReport {
    private let session: Session

    init(_ session: Session) { self.session = session }

    /// Shows a plan.
    func show(_ plan: PlanDocument) throws {
        if session.json {
            try session.emit(Document(plan: plan))
        } else {
            session.note(PlanText(style: session.style(.error).plan).render(plan).withoutLastNewline)
        }
    }

    /// Throws a failure when the plan cannot be committed, whoever agrees.
    func requireCommittable(_ plan: PlanDocument) throws {
        if let refusal = plan.refusals.first { throw CommandFailure("refused", refusal, .data) }
        guard plan.applyable else {
            throw CommandFailure("unknown", "not everything can be seen. Nothing was changed.", .unavailable)
        }
    }

    /// Runs a commit; when it is refused because of what would be done by now, shows that.
    func showing<Answer>(_ commit: () async throws -> Answer) async throws -> Answer {
        do {
            return try await commit()
        } catch let error as ClientError {
            if case .refused(let problem) = error, let plan = problem.plan { try show(plan) }
            throw error
        }
    }

    private struct Document: Encodable {
        let type = "plan"
        let plan: PlanDocument
    }
}
