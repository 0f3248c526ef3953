// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ForgeAPI

/// `forge version`: the version of this program. Needs no platform.
struct VersionCommand: ForgeSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Show the version of this program.",
        discussion: """
            Example:
              forge version --json
            """
    )

    @OptionGroup var output: OutputOptions

    func perform(_ session: Session) async throws -> ExitStatus {
        let document = VersionDocument()
        if session.json { try session.emit(document) } else { session.say("forge \(document.version)") }
        return .done
    }
}
