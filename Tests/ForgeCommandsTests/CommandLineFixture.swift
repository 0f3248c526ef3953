// SPDX-License-Identifier: Apache-2.0

import ForgeCommands
import ForgeModel
import ForgeTesting
import FoundationEssentials

/// Runs `forge` in this process, with a console, an environment and a folder of its own.
struct CommandLineFixture: Sendable {
    let folder: String
    var environment: [String: String]
    var isTerminal = false
    var answer: String?
    private let text = Shared<[Console.Stream: String]>([:])

    /// What a run left.
    struct Outcome: Sendable {
        let status: Int32
        let output: String
        let error: String

        var lines: [String] { output.split(separator: "\n").map(String.init) }
    }

    static let moment = Timestamp(number: 1_700_000_000_000)

    /// Makes a folder with a manifest; it is removed with `remove()`.
    init(port: Int = 1, token: String? = nil) throws {
        folder = FileManager.default.temporaryDirectory.path() + "/forge-commands-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        environment = [
            "FORGE_API_URL": "http://127.0.0.1:\(port)", "XDG_CONFIG_HOME": folder + "/config", "LANG": "C.UTF-8",
        ]
        environment["FORGE_TOKEN"] = token
        try write("app/forge.yaml", "version: 1\nname: shop\nprocesses:\n  web:\n    command: python app.py\n")
        try write("app/app.py", "print('hello')\n")
    }

    /// The folder of the app.
    var app: String { folder + "/app" }

    func write(_ name: String, _ text: String) throws {
        let path = folder + "/" + name
        let parent = String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: path))
    }

    func remove() { try? FileManager.default.removeItem(atPath: folder) }

    func run(_ arguments: String...) async -> Outcome { await run(arguments) }

    func run(_ arguments: [String]) async -> Outcome {
        text.update { $0 = [:] }
        let console = Console(
            isInputTerminal: isTerminal,
            isOutputTerminal: isTerminal,
            isErrorTerminal: isTerminal,
            write: { [text] stream, new in text.update { $0[stream, default: ""] += new } },
            readLine: { [answer] in answer }
        )
        let surroundings = Surroundings(environment: environment, console: console, now: { Self.moment })
        let status = await Surroundings.$current.withValue(surroundings) { await CommandLineRun.run(arguments) }
        return Outcome(status: status, output: shown(.output), error: shown(.error))
    }

    /// What the run that is under way, or the last one, has written.
    func shown(_ stream: Console.Stream) -> String { text.value[stream] ?? "" }
}
