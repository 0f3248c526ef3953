// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ForgeAPI
import ForgeClient
import ForgeModel
import ForgePlan

/// `forge destroy`: removes an app with all that is its own.
struct DestroyCommand: ForgeSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "destroy",
        abstract: "Remove an app: its containers, routes, images and records.",
        discussion: """
            Shows the plan first, and needs the app's name as agreement.

            Example:
              forge destroy shop --confirm shop
            """
    )
    static let streams = true

    @OptionGroup var target: AppOptions
    @Option(name: .long, help: ArgumentHelp("The app's name again, instead of being asked for it.", valueName: "app"))
    var confirm: String?
    @Flag(name: .long, help: "Return when the platform has accepted the removal.")
    var detach = false
    @OptionGroup var platform: PlatformOptions
    @OptionGroup var output: OutputOptions

    func perform(_ session: Session) async throws -> ExitStatus {
        let app = try session.app(target)
        let client = try session.client(platform)
        let plan = try await client.planOfRemoval(app).plan
        try PlanReport(session).show(plan)
        try PlanReport(session).requireCommittable(plan)
        try Consent(session).require(name: app, confirmed: confirm)
        let accepted = try await PlanReport(session).showing {
            try await client.destroy(app, fingerprint: plan.fingerprint)
        }
        let ending = DeployEnding(session, app, plan: plan, isRemoval: true)
        if detach { return try ending.tellAccepted(accepted.generation) }
        let end = try await DeployWatch(session, client, verbose: false).run(app, accepted, plan: plan)
        return try await ending.tell(end, generation: accepted.generation, client: client)
    }
}
