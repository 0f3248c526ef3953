// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ForgeManifest

/// A command of `forge`: it does its work and gives the exit status; how failures are told is the same for all.
protocol ForgeSubcommand: AsyncParsableCommand {
    /// How it was asked to speak.
    var output: OutputOptions { get }
    /// Whether its JSON is a stream that ends with a result line, rather than one document.
    static var streams: Bool { get }
    /// Does the work.
    func perform(_ session: Session) async throws -> ExitStatus
}

extension ForgeSubcommand {
    static var streams: Bool { false }

    /// Does the work, tells how it failed if it did, and leaves with the exit status.
    func run() async throws {
        let session = Session(output)
        var status: ExitStatus
        do {
            status = try await perform(session)
        } catch {
            let failure = CommandFailure(error)
            status = failure.status
            try FailureReport(failure, streams: Self.streams).write(session)
        }
        if status != .done { throw ExitCode(status.rawValue) }
    }
}

/// How a failure is told: a line on stderr, or JSON on stdout (specs/cli.md §4).
struct FailureReport {
    private let failure: CommandFailure
    private let streams: Bool

    init(_ failure: CommandFailure, streams: Bool) {
        self.failure = failure
        self.streams = streams
    }

    func write(_ session: Session) throws {
        guard session.json else {
            let isSummary = !failure.diagnostics.isEmpty
            let label = isSummary ? "" : session.style(.error).paint("error:", .bad) + " "
            session.note(label + failure.message)
            return
        }
        try session.emit(ErrorDocument(failure))
        if streams { try session.emit(ResultDocument(failure)) }
    }
}

/// A failure as JSON.
struct ErrorDocument: Encodable {
    private let type = "error"
    private let code: String
    private let message: String
    private let diagnostics: [Diagnostic]?

    init(_ failure: CommandFailure) {
        code = failure.code
        message = failure.message
        diagnostics = failure.diagnostics.isEmpty ? nil : failure.diagnostics
    }
}
