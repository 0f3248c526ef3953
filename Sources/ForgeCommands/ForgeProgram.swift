// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ForgeAPI

/// The program `forge`: its commands, one a file.
struct ForgeProgram: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forge",
        abstract: "Deploy apps to your own platform, and see first what will change.",
        discussion: """
            Example:
              forge up
              forge deploy
            """,
        version: "forge \(VersionDocument.current)",
        subcommands: [
            DeployCommand.self, PlanCommand.self, StatusCommand.self, LogsCommand.self, AppsCommand.self,
            ReconcileCommand.self, DriftCommand.self, DestroyCommand.self, ValidateCommand.self, UpCommand.self,
            DownCommand.self, PlatformCommand.self, VersionCommand.self,
        ]
    )
}
