// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgePlan

/// The last line of a command's JSON lines: how it ended (specs/cli.md §4).
struct ResultDocument: Encodable {
    private let type = "result"
    /// `succeeded`, `failed`, `degraded`, `superseded`, `unchanged`, `accepted`, `interrupted` or `error`.
    let outcome: String
    /// What the program exits with.
    let exitCode: Int32
    var app: AppName?
    var generation: Generation?
    var release: ReleaseNumber?
    var url: String?
    var failure: DeployFailure?

    init(_ outcome: String, _ status: ExitStatus, app: AppName? = nil) {
        self.outcome = outcome
        exitCode = status.rawValue
        self.app = app
    }

    init(_ failure: CommandFailure) {
        self.init("error", failure.status)
    }
}
