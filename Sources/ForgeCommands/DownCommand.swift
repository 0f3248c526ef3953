// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc

/// `forge down`: stops the platform of a state folder, and keeps what is in the folder.
struct DownCommand: ForgeSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "down",
        abstract: "Stop the platform on this machine.",
        discussion: """
            Apps stop with it. Everything that is kept stays in the state folder, and forge up goes on from there.

            Example:
              forge down
            """
    )

    @OptionGroup var state: StateOption
    @Option(name: .long, help: ArgumentHelp("How long to wait until everything has ended.", valueName: "seconds"))
    var timeout = 120
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...86_400).contains(timeout) else { throw ValidationError("--timeout takes 1 to 86400 seconds") }
    }

    func perform(_ session: Session) async throws -> ExitStatus {
        let platform = try LocalPlatform(state.folder, session.surroundings)
        guard try await stop(platform) else {
            try tell(session, platform, stopped: false, "not running: nothing supervises \(platform.folder)")
            return .done
        }
        try tell(session, platform, stopped: true, "the platform is stopped; \(platform.folder) keeps its state")
        return .done
    }

    /// Asks the supervisor to end, and waits until it has; false when there was none.
    private func stop(_ platform: LocalPlatform) async throws -> Bool {
        let end = ContinuousClock.now + .seconds(timeout)
        var asked: Int32?
        while let supervisor = try platform.supervisor() {
            guard ContinuousClock.now < end else {
                throw CommandFailure(
                    "timed-out",
                    "the platform has not ended after \(timeout) s; \(platform.log) says what it waits for",
                    .pending
                )
            }
            if supervisor > 1, supervisor != asked {
                guard kill(supervisor, SIGTERM) == 0 || errno == ESRCH else {
                    throw CommandFailure(
                        "permission",
                        "supervisor \(supervisor) of \(platform.folder) belongs to another user",
                        .permission
                    )
                }
                asked = supervisor
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        return asked != nil
    }

    private func tell(_ session: Session, _ platform: LocalPlatform, stopped: Bool, _ text: String) throws {
        if session.json {
            try session.emit(Document(stopped: stopped, state: platform.folder))
        } else {
            session.say(text)
        }
    }

    private struct Document: Encodable {
        let stopped: Bool
        let state: String
    }
}
