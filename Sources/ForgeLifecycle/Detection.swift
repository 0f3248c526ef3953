// SPDX-License-Identifier: Apache-2.0

/// What came of running one buildpack's detection.
struct Detection: Hashable, Sendable {
    enum Verdict: Hashable, Sendable {
        case pass
        case fail
        /// It broke, or does not fit the target.
        case error
        /// It takes no part in this execution environment.
        case notEligible
    }

    var verdict: Verdict
    var output: String
    var plan = DetectedPlan.empty

    /// Makes a group of those that passed; `nil` when a required one did not.
    static func candidates(_ group: [GroupEntry], _ results: [String: Detection]) -> [PlanResolver.Candidate]? {
        var candidates: [PlanResolver.Candidate] = []
        for entry in group {
            guard let result = results[entry.key] else { return nil }
            switch result.verdict {
            case .pass: candidates.append(PlanResolver.Candidate(entry: entry, plan: result.plan))
            case .notEligible: continue
            case .fail, .error: if entry.optional != true { return nil }
            }
        }
        return candidates.isEmpty ? nil : candidates
    }
}
