// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ForgeAPI
import ForgeClient
import ForgeModel
import ForgeOCI
import ForgePlan

/// `forge plan`: what a deploy would do, from build to route. Changes nothing anywhere.
struct PlanCommand: ForgeSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show what a deploy would do, and change nothing.",
        discussion: """
            Example, as a check in CI (exits with 2 when a deploy would change something):
              forge plan --detailed-exitcode
            """
    )

    @OptionGroup var source: SourceOptions
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Plan for this app instead of the one in forge.yaml.", valueName: "app")
    )
    var app: String?
    @Flag(name: .customLong("detailed-exitcode"), help: "Exit with 2 when there are changes.")
    var detailedExitCode = false
    @OptionGroup var platform: PlatformOptions
    @OptionGroup var output: OutputOptions

    func perform(_ session: Session) async throws -> ExitStatus {
        let wish = try DeployWish(source, app: app, session)
        let response = try await session.client(platform).plan(wish.manifest, source: wish.source.digest)
        if session.json {
            try session.emit(response.plan)
        } else {
            session.say(PlanText(style: session.style(.output).plan).render(response.plan).withoutLastNewline)
        }
        return status(response.plan)
    }

    private func status(_ plan: PlanDocument) -> ExitStatus {
        if !plan.refusals.isEmpty { return .data }
        if !plan.unknown.isEmpty, plan.steps.isEmpty { return .unavailable }
        return detailedExitCode && !plan.steps.isEmpty ? .changes : .done
    }
}

extension String {
    /// The text without the newline at its end.
    var withoutLastNewline: String { hasSuffix("\n") ? String(dropLast()) : self }
}
