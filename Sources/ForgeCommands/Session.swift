// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import ForgeClient
import ForgeHTTP
import ForgeModel
import ForgePlan
import FoundationEssentials

/// One run of a command: its surroundings, and how it was asked to speak.
struct Session: Sendable {
    let surroundings: Surroundings
    /// Whether stdout gets JSON only.
    let json: Bool
    private let noColor: Bool

    init(_ output: OutputOptions, _ surroundings: Surroundings = .current) {
        self.surroundings = surroundings
        json = output.json
        noColor = output.noColor
    }

    // MARK: Speaking

    /// Writes the result for people.
    func say(_ text: String) { surroundings.console.write(.output, text + "\n") }

    /// Writes anything else for people.
    func note(_ text: String) { surroundings.console.write(.error, text + "\n") }

    /// Writes one JSON document on a line.
    func emit(_ document: some Encodable) throws {
        surroundings.console.write(.output, String(decoding: try WireFormat.encode(document), as: UTF8.self) + "\n")
    }

    /// How text on a stream may look (specs/cli.md §5).
    func style(_ stream: Console.Stream) -> TextStyle {
        TextStyle(glyphs: glyphs, colour: hasColour(stream))
    }

    /// Whether someone is there who can be asked.
    var isInteractive: Bool {
        let console = surroundings.console
        return !json && console.isInputTerminal && console.isErrorTerminal && surroundings.variable("CI") == nil
            && surroundings.variable("FORGE_NO_INPUT") == nil
    }

    /// Whether lines on stderr can be drawn over.
    var isLive: Bool {
        surroundings.console.isErrorTerminal && surroundings.variable("TERM") != "dumb"
            && surroundings.variable("CI") == nil
    }

    private func hasColour(_ stream: Console.Stream) -> Bool {
        if noColor || surroundings.variable("NO_COLOR") != nil { return false }
        if let forced = surroundings.variable("CLICOLOR_FORCE") ?? surroundings.variable("FORCE_COLOR"), forced != "0" {
            return true
        }
        let console = surroundings.console
        let isTerminal = stream == .output ? console.isOutputTerminal : console.isErrorTerminal
        return isTerminal && surroundings.variable("CLICOLOR") != "0" && surroundings.variable("TERM") != "dumb"
    }

    /// ASCII only where the locale says that nothing else can be shown.
    private var glyphs: PlanText.Style.Glyphs {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { surroundings.variable($0) }.first
        guard let locale else { return .unicode }
        let name = locale.uppercased()
        return name.contains("UTF-8") || name.contains("UTF8") ? .unicode : .ascii
    }

    // MARK: Time

    /// The words for times, as seen from now.
    var time: TimeText {
        let now = surroundings.now()
        return TimeText(now: now, offset: surroundings.offset(now))
    }

    // MARK: The platform

    /// A client for the platform that is meant: flag, then environment, then user configuration, then loopback.
    func client(_ options: PlatformOptions) throws -> ForgeClient {
        let configuration = try UserConfiguration.read(at: UserConfiguration.path(surroundings))
        let endpoint =
            options.apiURL ?? surroundings.variable("FORGE_API_URL") ?? configuration?.api
            ?? UserConfiguration.defaultAPI
        guard ["http://", "https://"].contains(where: { endpoint.hasPrefix($0) && endpoint != $0 }) else {
            throw CommandFailure(
                "usage",
                "'\(endpoint)' is not the address of an API; write it as \(UserConfiguration.defaultAPI)",
                .usage
            )
        }
        return ForgeClient(
            endpoint: endpoint,
            token: surroundings.variable("FORGE_TOKEN") ?? configuration?.token,
            transport: HTTPTransport()
        )
    }

    /// The app that is meant: argument, then environment, then the manifest in this folder.
    func app(_ options: AppOptions) throws -> AppName {
        if let name = options.app ?? options.named ?? surroundings.variable("FORGE_APP") { return try AppName(name) }
        guard ManifestFile.exists(in: ".") else {
            throw CommandFailure("usage", "no app is named, and there is no forge.yaml here; name the app", .usage)
        }
        return try ManifestFile.load(folder: ".", file: nil, self).manifest.name
    }
}
