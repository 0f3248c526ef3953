// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import ForgeModel
import ForgePlan
import HTTPTypes

extension Problem {
    /// The app is not there.
    static func noApp(_ app: AppName) -> Problem {
        Problem(.notFound, status: .notFound, "there is no app '\(app)'; forge apps lists those that are")
    }

    /// Why a plan cannot be committed whoever asks; nil when it can.
    static func obstacle(_ plan: PlanDocument) -> Problem? {
        if let refusal = plan.refusals.first {
            return Problem(.refused, status: .unprocessableContent, refusal, plan: plan)
        }
        guard !plan.applyable else { return nil }
        let reasons = plan.unknown.map { "\($0.subject): \($0.reason)" }.joined(separator: "; ")
        return Problem(.unknown, status: .serviceUnavailable, "not everything can be seen: \(reasons)", plan: plan)
    }
}
