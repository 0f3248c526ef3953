// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ForgeAPI
import ForgeClient
import ForgeModel

/// `forge drift`: what was changed outside of the platform since the live releases. Changes nothing.
struct DriftCommand: ForgeSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "drift",
        abstract: "Show what was changed outside of forge.",
        discussion: """
            Of one app, or of every app.

            Examples:
              forge drift
              forge drift shop --detailed-exitcode
            """
    )
    static let streams = true

    @Argument(help: "The app (default: every app).")
    var app: String?
    @Flag(name: .customLong("detailed-exitcode"), help: "Exit with 2 when something was changed.")
    var detailedExitCode = false
    @OptionGroup var platform: PlatformOptions
    @OptionGroup var output: OutputOptions

    func perform(_ session: Session) async throws -> ExitStatus {
        let client = try session.client(platform)
        let text = FleetText(style: session.style(.output))
        var tally = FleetTally()
        if let name = try app.map({ try AppName($0) }) {
            let document = try await client.standingPlan(name)
            tally.add(document)
            if session.json {
                try session.emit(FleetAppDocument(app: document))
            } else {
                session.say(text.drift(document))
            }
        } else {
            try await client.standingPlans { document in
                tally.add(document)
                guard document.drifted > 0 || !document.unknown.isEmpty else { return }
                if session.json {
                    try session.emit(FleetAppDocument(app: document))
                } else {
                    session.say(text.drift(document) + "\n")
                }
            }
            if !session.json { session.say(text.driftSummary(tally)) }
        }
        let status = tally.status(changes: detailedExitCode ? tally.drifted > 0 : nil)
        try FleetReport(session).finish(tally, "succeeded", status)
        return status
    }
}

/// Ends the JSON lines of a command that told of the fleet.
struct FleetReport {
    private let session: Session

    init(_ session: Session) { self.session = session }

    /// Writes the counts and the result, where JSON is written.
    func finish(_ tally: FleetTally, _ outcome: String, _ status: ExitStatus) throws {
        guard session.json else { return }
        try session.emit(FleetSummaryDocument(tally))
        try session.emit(ResultDocument(outcome, status))
    }
}
