// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ForgeAPI
import ForgeClient
import ForgeModel
import ForgePlan

/// `forge reconcile`: has the loop look at apps now and waits until they are as described; with `--dry-run` only tells
/// what it would do.
struct ReconcileCommand: ForgeSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile",
        abstract: "Bring apps back to what is described, or show what that would do.",
        discussion: """
            The platform does this by itself whenever something changes; this has it look now. Of one app, or of every app.

            Examples:
              forge reconcile --dry-run --detailed-exitcode
              forge reconcile --app shop
            """
    )
    static let streams = true

    @Option(name: .shortAndLong, help: ArgumentHelp("Only this app (default: every app).", valueName: "app"))
    var app: String?
    @Flag(name: .customLong("dry-run"), help: "Show what would be done, and change nothing.")
    var dryRun = false
    @Flag(name: .long, help: "Have the platform look once, and do not wait for what it does.")
    var once = false
    @Flag(name: .customLong("detailed-exitcode"), help: "With --dry-run: exit with 2 when something differs.")
    var detailedExitCode = false
    @Option(name: .long, help: ArgumentHelp("How long to wait until apps are as described.", valueName: "seconds"))
    var timeout = 300
    @OptionGroup var platform: PlatformOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...86_400).contains(timeout) else { throw ValidationError("--timeout takes 1 to 86400 seconds") }
        if detailedExitCode, !dryRun { throw ValidationError("--detailed-exitcode needs --dry-run") }
    }

    func perform(_ session: Session) async throws -> ExitStatus {
        let app = try app.map { try AppName($0) }
        let client = try session.client(platform)
        if dryRun { return try await show(app, client, session) }
        let count = try await client.reconcile(app)
        guard !once else {
            if !session.json { session.say("the platform looks at \(FleetText.counted(count)) now") }
            if session.json { try session.emit(ResultDocument("accepted", .done, app: app)) }
            return .done
        }
        let wait = ReconcileWait(client, session)
        let tally = try await wait.run(app, timeout: .seconds(timeout))
        let status: ExitStatus = wait.isPending(tally) ? .pending : tally.status(changes: nil)
        if !session.json { session.say(FleetText(style: session.style(.output)).render(tally)) }
        try FleetReport(session).finish(tally, status == .pending ? "timed-out" : "succeeded", status)
        return status
    }

    private func show(_ app: AppName?, _ client: ForgeClient, _ session: Session) async throws -> ExitStatus {
        var tally = FleetTally()
        if let app {
            let document = try await client.standingPlan(app)
            tally.add(document)
            if session.json {
                try session.emit(FleetAppDocument(app: document))
            } else if let plan = document.plan {
                session.say(PlanText(style: session.style(.output).plan).render(plan).withoutLastNewline)
            }
        } else {
            try await client.standingPlans { document in
                tally.add(document)
                if session.json { try session.emit(FleetAppDocument(app: document)) }
            }
            if !session.json { session.say(FleetText(style: session.style(.output)).render(tally)) }
        }
        let status = tally.status(changes: detailedExitCode ? tally.differing > 0 : nil)
        try FleetReport(session).finish(tally, "succeeded", status)
        return status
    }
}
