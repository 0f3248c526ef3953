// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import ForgeClient
import ForgeKubernetesClient
package import ForgePlan

/// What `forge` exits with (specs/cli.md §3). Usage errors are ArgumentParser's own 64.
package enum ExitStatus: Int32, Sendable {
    /// Done, or nothing to do.
    case done = 0
    /// It failed; what served before serves still.
    case failed = 1
    /// There are changes; only with `--detailed-exitcode`.
    case changes = 2
    /// It failed, and the app is degraded or does not serve.
    case degraded = 3
    /// It takes longer than was waited for, and goes on.
    case pending = 4
    /// A guard refused it: something would be lost, and nobody agreed.
    case guarded = 5
    /// The command line is wrong.
    case usage = 64
    /// The manifest, the Procfile or the source is wrong.
    case data = 65
    /// The platform, or a part of it, does not answer.
    case unavailable = 69
    /// Someone was faster: stale, locked or superseded. Trying again may work.
    case retry = 75
    /// Not allowed: no token, or a wrong one.
    case permission = 77
    /// Interrupted by Ctrl-C.
    case interrupted = 130

    /// How a deploy's end is told.
    package init(_ outcome: DeployOutcome) {
        switch outcome {
        case .succeeded: self = .done
        case .failed: self = .failed
        case .degraded: self = .degraded
        case .superseded: self = .retry
        }
    }

    /// How a call's fault is told.
    init(_ error: ClientError) {
        switch error {
        case .unreachable, .interrupted, .protocolError: self = .unavailable
        case .refused(let problem):
            switch problem.knownCode {
            case .unauthorized, .wrongHost: self = .permission
            case .stalePlan, .sourceMissing: self = .retry
            case .refused, .invalidRequest, .tooLarge, .digestMismatch: self = .data
            case .unknown, .unavailable: self = .unavailable
            case .notFound, .methodNotAllowed, .failed, nil: self = .failed
            }
        }
    }

    /// How a cluster's fault is told.
    init(_ error: KubernetesError) {
        switch error.code {
        case .configuration: self = .usage
        case .unauthenticated, .forbidden: self = .permission
        case .conflict, .exists, .gone, .terminating: self = .retry
        case .unreachable, .unintelligible: self = .unavailable
        case .notFound, .invalid: self = .failed
        }
    }
}
