// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The daemon's executable: knows every adapter, and puts them together (specs/architecture.md §2).
@main
struct Forged: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forged",
        abstract: "The ForgePaaS daemon.",
        discussion: "forge up starts the supervisor, and the supervisor starts the rest.",
        subcommands: [SuperviseCommand.self, ServeCommand.self, BuilderCommand.self, PlatformCommand.self]
    )
}
