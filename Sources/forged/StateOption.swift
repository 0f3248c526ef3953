// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ForgeSupervisor
import FoundationEssentials
import Glibc
import Logging

/// The state folder, and how a subcommand that works on one ends.
struct StateOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The state folder (default: FORGE_STATE_DIR, else /var/lib/forge for root, ~/.local/state/forge for others).",
            valueName: "folder"
        )
    )
    var state: String?

    /// The process's environment.
    static var environment: [String: String] { ProcessInfo.processInfo.environment }

    /// The folder that is meant.
    func folder() throws -> StateFolder {
        let environment = Self.environment
        guard let named = state ?? environment["FORGE_STATE_DIR"] else {
            return try StateFolder.standard(environment: environment, isRoot: geteuid() == 0)
        }
        return try StateFolder(named.hasPrefix("/") ? named : Self.currentFolder + "/" + named)
    }

    private static var currentFolder: String { FileManager.default.currentDirectoryPath }

    /// Runs a body; a fault that is foreseen is told in one message and by the exit status.
    static func reporting(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let error as SupervisorError {
            say("error: \(error)")
            throw ExitCode(error.code.exitStatus)
        } catch let error as ExitCode {
            throw error
        } catch is CancellationError {
            throw ExitCode(130)
        } catch {
            say("error: \(error)")
            throw ExitCode.failure
        }
    }

    private static func say(_ line: String) { StandardStream.error.say(line) }

    /// Logs to standard error, which the supervisor sends to a file.
    static func logger(_ label: String) -> Logger {
        var logger = Logger(label: label) { StreamLogHandler.standardError(label: $0) }
        logger.logLevel =
            ProcessInfo.processInfo.environment["FORGE_LOG_LEVEL"].flatMap { Logger.Level(rawValue: $0) } ?? .info
        return logger
    }
}

/// Standard output and standard error, written to line by line without a buffer.
enum StandardStream: Int32 {
    case output = 1
    case error = 2

    /// Writes a line; a reader that has gone away is no fault of this program's.
    func say(_ line: String) {
        var rest = Array((line + "\n").utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(rawValue, $0.baseAddress, $0.count) }
            if count < 0, errno != EINTR { return }
            rest = rest.dropFirst(max(0, count))
        }
    }
}

/// Where this executable is: the others of the same build are beside it.
enum Installation {
    /// The absolute path of the running executable.
    static var executable: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    }

    /// The absolute path of another executable of the same build.
    static func sibling(_ name: String) -> String {
        executable.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/" + name
    }
}
