// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ForgeAPI
import ForgeClient
import ForgeModel

/// `forge status`: how an app stands.
struct StatusCommand: ForgeSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show how an app stands.",
        discussion: """
            Examples:
              forge status
              forge status shop --exit-code
            """
    )

    @OptionGroup var target: AppOptions
    @Flag(
        name: .customLong("exit-code"),
        help: "Exit with 3 when the app does not serve as wanted, with 4 while that is on its way."
    )
    var exitCode = false
    @OptionGroup var platform: PlatformOptions
    @OptionGroup var output: OutputOptions

    func perform(_ session: Session) async throws -> ExitStatus {
        let status = try await session.client(platform).status(session.app(target))
        if session.json {
            try session.emit(status)
        } else {
            session.say(StatusText(style: session.style(.output), time: session.time).render(status))
        }
        return exitCode ? Self.status(status.state) : .done
    }

    private static func status(_ state: AppStatusDocument.State) -> ExitStatus {
        switch state {
        case .live, .stopped: .done
        case .deploying, .destroying: .pending
        case .failed, .degraded: .degraded
        case .unknown: .unavailable
        }
    }
}
