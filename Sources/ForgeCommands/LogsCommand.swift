// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ForgeAPI
import ForgeClient
import ForgeModel

/// `forge logs`: what an app's processes write.
struct LogsCommand: ForgeSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Show what an app's processes write.",
        discussion: """
            Examples:
              forge logs
              forge logs shop -f -p worker
            """
    )
    static let streams = true

    @OptionGroup var target: AppOptions
    @Flag(name: .shortAndLong, help: "Go on with what is written from now on.")
    var follow = false
    @Option(
        name: [.customShort("n"), .customLong("lines")],
        help: "How many of the newest lines come first (0 to 10000)."
    )
    var lines = 100
    @Option(name: .shortAndLong, help: ArgumentHelp("Only this process type.", valueName: "type"))
    var process: String?
    @OptionGroup var platform: PlatformOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (0...10_000).contains(lines) else { throw ValidationError("-n takes 0 to 10000, not \(lines)") }
    }

    func perform(_ session: Session) async throws -> ExitStatus {
        let app = try session.app(target)
        let text = LogText(
            style: session.style(.output),
            time: session.time,
            isTerminal: session.surroundings.console.isOutputTerminal
        )
        let process = try process.map { try ProcessType($0) }
        let client = try session.client(platform)
        func show(_ line: LogDocument) throws {
            if session.json { try session.emit(LogLineDocument(line: line)) } else { session.say(text.render(line)) }
        }
        if follow {
            for try await element in client.followLogs(app, process: process, tail: lines) {
                switch element {
                case .item(let line): try show(line)
                case .interrupted: session.note("the platform is away; forge goes on when it is back")
                case .resumed: session.note("the platform is back")
                }
            }
        } else {
            for try await element in try await client.logs(app, process: process, tail: lines) {
                if case .line(let line) = element { try show(line) }
            }
        }
        if session.json { try session.emit(ResultDocument("succeeded", .done, app: app)) }
        return .done
    }

    private struct LogLineDocument: Encodable {
        let type = "line"
        let line: LogDocument
    }
}
