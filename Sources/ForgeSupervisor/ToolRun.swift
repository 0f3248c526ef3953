// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A program that is run to its end for what it says.
struct ToolRun: Hashable, Sendable {
    /// How it ended.
    let status: ExitStatus
    /// Standard output and error together.
    let output: String

    /// Runs a command; what it says, at most 1 MiB, goes through a file in `scratch`.
    static func perform(
        _ command: ChildCommand,
        scratch: String,
        input: String = "/dev/null"
    ) async throws -> ToolRun {
        let file = "\(scratch)/tool-\(getpid())-\(RandomText.hexadecimal(bytes: 4))"
        defer { unlink(file) }
        let process = try await ChildProcess.start(command, log: file, input: input, endsGroup: true)
        let status = await process.exit()
        return ToolRun(status: status, output: String(decoding: try StateFile.read(file) ?? [], as: UTF8.self))
    }

    /// The last line, for messages.
    var lastLine: String {
        output.split(whereSeparator: \.isNewline).last.map { String($0.prefix(300)) } ?? "it says nothing"
    }
}
