// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `forge up`: starts the platform of a state folder on this machine, and makes it the one that `forge` talks to.
struct UpCommand: ForgeSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Start the platform on this machine.",
        discussion: """
            Does nothing when it runs already. What is kept is in one folder; forge down keeps it.

            Example:
              forge up --state ~/forge --http-port 8080
            """
    )

    @Option(name: .long, help: ArgumentHelp("The state folder (default: FORGE_STATE_DIR).", valueName: "folder"))
    var state: String?
    @Option(name: .customLong("api-port"), help: ArgumentHelp("The API's port; it is kept.", valueName: "port"))
    var apiPort: Int?
    @Option(
        name: .customLong("http-port"),
        help: ArgumentHelp("The port on which apps answer; it is kept.", valueName: "port")
    )
    var httpPort: Int?
    @Option(name: .long, help: ArgumentHelp("How long to wait until everything answers.", valueName: "seconds"))
    var timeout = 180
    @OptionGroup var output: OutputOptions

    func validate() throws {
        for port in [apiPort, httpPort].compactMap(\.self) where !(1...65535).contains(port) {
            throw ValidationError("a port is 1 to 65535, not \(port)")
        }
        guard (1...86_400).contains(timeout) else { throw ValidationError("--timeout takes 1 to 86400 seconds") }
    }

    func perform(_ session: Session) async throws -> ExitStatus {
        let platform = try LocalPlatform(state, session.surroundings)
        let isStarting = try platform.supervisor() == nil
        try TextFile.makeFolder("\(platform.folder)/log")
        let logged = platform.loggedBytes
        let child = isStarting ? try start(platform, session) : nil
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

    private func start(_ platform: LocalPlatform, _ session: Session) throws -> Int32 {
        var arguments = ["supervise", "--state", platform.folder]
        if let apiPort { arguments += ["--api-port", String(apiPort)] }
        if let httpPort { arguments += ["--http-port", String(httpPort)] }
        return try DaemonProgram(session.surroundings).start(arguments, log: platform.log)
    }

    /// Makes it the platform that the user's `forge` talks to.
    private func adopt(
        _ platform: LocalPlatform,
        _ announcement: LocalPlatform.Announcement,
        _ session: Session
    ) throws {
        let path = try UserConfiguration.path(session.surroundings)
        let old = try UserConfiguration.read(at: path)
        let token = try platform.token() ?? old?.token
        let new = UserConfiguration(api: announcement.api, token: token)
        guard new != old else { return }
        try new.write(to: path)
        if let api = old?.api, api != announcement.api {
            session.note("forge talks to \(announcement.api) from now on, and not to \(api)")
        }
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
