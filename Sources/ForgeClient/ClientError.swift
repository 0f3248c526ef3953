// SPDX-License-Identifier: Apache-2.0

package import ForgeAPI
package import ForgeHTTP

/// Why the platform did not do what it was asked, in words for people.
package enum ClientError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Nothing answers at the address.
    case unreachable(endpoint: String, reason: String)
    /// The connection ended before the answer did.
    case interrupted(endpoint: String, reason: String)
    /// The platform said why not.
    case refused(ProblemDocument)
    /// What answers is not the platform.
    case protocolError(String)

    /// Sorts the faults of a transfer.
    package init(_ error: HTTPError, endpoint: String) {
        switch error.code {
        case .connectionRefused: self = .unreachable(endpoint: endpoint, reason: "connection refused")
        case .unknownHost, .unreachable, .notFound, .permissionDenied, .tls:
            self = .unreachable(endpoint: endpoint, reason: error.message)
        case .timedOut, .connectionLost, .cancelled:
            self = .interrupted(endpoint: endpoint, reason: error.message)
        case .protocolError, .tooLarge, .invalidRequest: self = .protocolError(error.description)
        }
    }

    /// One line: what, where, what to do.
    package var description: String {
        switch self {
        case .unreachable(let endpoint, let reason):
            "no answer from \(endpoint) (\(reason)). Is the platform running? forge up starts it."
        case .interrupted(let endpoint, let reason): "the connection to \(endpoint) broke (\(reason)). Try again."
        case .refused(let problem): problem.detail
        case .protocolError(let message): message
        }
    }

    /// Whether the same request may succeed a moment later, because the platform is starting or overloaded.
    package var isPassing: Bool {
        switch self {
        case .unreachable, .interrupted: true
        case .refused(let problem): problem.status == 502 || problem.status == 503 || problem.status == 504
        case .protocolError: false
        }
    }

    /// The stable name of the fault: a problem's own, or what happened on the way.
    package var code: String {
        switch self {
        case .unreachable: "unreachable"
        case .interrupted: "interrupted"
        case .refused(let problem): problem.code
        case .protocolError: "protocol-error"
        }
    }
}
