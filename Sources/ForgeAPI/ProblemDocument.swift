// SPDX-License-Identifier: Apache-2.0

package import ForgePlan

/// Why a request was not served (RFC 9457 §3; specs/api.md §3).
package struct ProblemDocument: Hashable, Sendable, Codable {
    /// The stable names of problems: what programs decide by. A newer server may send others.
    package enum Code: String, Sendable, Codable {
        /// The request is not what its endpoint takes.
        case invalidRequest = "invalid-request"
        /// No token, or one that is not known.
        case unauthorized
        /// The Host header names another machine.
        case wrongHost = "wrong-host"
        /// No such endpoint, or no such app.
        case notFound = "not-found"
        /// The endpoint has no such method.
        case methodNotAllowed = "method-not-allowed"
        /// The body is larger than the endpoint takes.
        case tooLarge = "too-large"
        /// The plan that was shown is not what would be done now; the new one is with the problem.
        case stalePlan = "stale-plan"
        /// The source is not stored yet.
        case sourceMissing = "source-missing"
        /// The bytes do not have the digest.
        case digestMismatch = "digest-mismatch"
        /// The plan says why it cannot be done; it is with the problem.
        case refused
        /// Something that the plan needs cannot be seen; nothing is done.
        case unknown
        /// A part of the platform does not answer.
        case unavailable
        /// The platform itself failed; its log says more.
        case failed
    }

    /// `about:blank`: the code says what the type would.
    package var type: String = "about:blank"
    /// The status in words.
    package let title: String
    /// The HTTP status.
    package let status: Int
    /// One line for people: what, where, what to do.
    package let detail: String
    /// The stable name.
    package let code: String
    /// The plan as it would be now, of `stale-plan`, `refused` and `unknown`.
    package var plan: PlanDocument?

    /// Describes a problem.
    package init(_ code: Code, status: Int, title: String, detail: String, plan: PlanDocument? = nil) {
        self.title = title
        self.status = status
        self.detail = detail
        self.code = code.rawValue
        self.plan = plan
    }

    /// The name, if this version knows it.
    package var knownCode: Code? { Code(rawValue: code) }
}
