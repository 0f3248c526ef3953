// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ForgeAPI
import ForgeClient

/// `forge apps`: every app on the platform.
struct AppsCommand: ForgeSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "apps",
        abstract: "List the apps.",
        discussion: """
            Example:
              forge apps --json
            """
    )

    @OptionGroup var platform: PlatformOptions
    @OptionGroup var output: OutputOptions

    func perform(_ session: Session) async throws -> ExitStatus {
        let list = try await session.client(platform).apps()
        if session.json {
            try session.emit(list)
        } else {
            session.say(StatusText(style: session.style(.output), time: session.time).list(list.apps))
        }
        return .done
    }
}
