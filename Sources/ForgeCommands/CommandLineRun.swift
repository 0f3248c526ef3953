// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// Runs one command line and gives its exit status.
package enum CommandLineRun {
    /// Runs the command that the arguments name, without the program's own name.
    package static func run(_ arguments: [String]) async -> Int32 {
        do {
            if let failure = CommandSuggestion.failure(arguments) { throw failure }
            var command = try ForgeProgram.parseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            return ExitStatus.done.rawValue
        } catch {
            return tell(error, arguments)
        }
    }

    /// Tells what ended the run. What a command says of its own failures is said by then, and only its status is left.
    private static func tell(_ error: any Error, _ arguments: [String]) -> Int32 {
        if let code = error as? ExitCode { return code.rawValue }
        let console = Surroundings.current.console
        let status = (error as? CommandFailure)?.status.rawValue ?? ForgeProgram.exitCode(for: error).rawValue
        let text = (error as? CommandFailure).map { "error: \($0.message)" } ?? ForgeProgram.fullMessage(for: error)
        guard status != ExitStatus.done.rawValue else {
            console.write(.output, text + "\n")
            return status
        }
        guard arguments.contains("--json"), let output = try? OutputOptions.parse(["--json"]) else {
            console.write(.error, text.loweringFirst + "\n")
            return status
        }
        let message = (error as? CommandFailure)?.message ?? ForgeProgram.message(for: error)
        let command = ForgeProgram.configuration.subcommands.first { $0.configuration.commandName == arguments.first }
        let streams = (command as? any ForgeSubcommand.Type)?.streams ?? false
        try? FailureReport(CommandFailure("usage", message, .usage), streams: streams).write(Session(output))
        return status
    }
}

extension String {
    fileprivate var loweringFirst: String { hasPrefix("Error:") ? "error:" + dropFirst(6) : self }
}
