// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `forge up`: starts the platform of a state folder on this machine, and makes it the one that `forge` talks to.
struct UpCommand: ForgeSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Start the platform on this machine.",
        discussion: """
            Does nothing when it runs already. Apps, ports and base domain are kept in the state folder, so that the \
            next forge up needs no flag for them.

            Examples:
              forge up
              forge up --state ~/forge --http-port 8081 --base-domain apps.example.com
            """
    )

    @OptionGroup var state: StateOption
    @OptionGroup var settings: SettingOptions
    @Option(name: .long, help: ArgumentHelp("How long to wait until everything answers.", valueName: "seconds"))
    var timeout = 180
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...86_400).contains(timeout) else { throw ValidationError("--timeout takes 1 to 86400 seconds") }
    }

    func perform(_ session: Session) async throws -> ExitStatus {
        let platform = try LocalPlatform(state.folder, session.surroundings)
        let flags = try settings.flags()
        let isStarting = try platform.supervisor() == nil
        if !isStarting, !flags.isEmpty {
            let names = flags.map(\.name).joined(separator: ", ")
            session.note("warning: it runs already, and a start alone takes \(names): forge down, then forge up again")
        }
        try TextFile.makeFolder("\(platform.folder)/log")
        let logged = platform.loggedBytes
        let child = isStarting ? try start(platform, flags, session) : nil
        let announcement = try await platform.ready(child: child, logged: logged, timeout: .seconds(timeout))
        try adopt(platform, announcement, session)
        if session.json {
            try session.emit(Document(isStarting, announcement, platform))
        } else {
            let what = isStarting ? "runs" : "ran already"
            session.say(
                "the platform \(what): API \(announcement.api), apps \(announcement.router), state \(platform.folder)"
            )
        }
        return .done
    }

    private func start(
        _ platform: LocalPlatform,
        _ flags: [(name: String, value: String)],
        _ session: Session
    ) throws -> Int32 {
        let arguments = ["supervise", "--state", platform.folder] + flags.flatMap { [$0.name, $0.value] }
        return try DaemonProgram(session.surroundings).start(arguments, log: platform.log)
    }

    /// Makes it the platform that the user's `forge` talks to.
    private func adopt(
        _ platform: LocalPlatform,
        _ announcement: LocalPlatform.Announcement,
        _ session: Session
    ) throws {
        try UserConfiguration.adopt(api: announcement.api, token: try platform.token(), session)
    }

    private struct Document: Encodable {
        let started: Bool
        let api: String
        let router: String
        let state: String

        init(_ started: Bool, _ announcement: LocalPlatform.Announcement, _ platform: LocalPlatform) {
            self.started = started
            api = announcement.api
            router = announcement.router
            state = platform.folder
        }
    }
}
