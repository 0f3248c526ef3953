// SPDX-License-Identifier: Apache-2.0

import ForgeLaunch
import Subprocess
import SystemPackage

/// Runs the programs of buildpacks.
enum BuildpackProcess {
    /// How a program ended, and what it printed when that was kept.
    struct Outcome: Sendable {
        /// The exit code, or 128 and the signal's number.
        var code: Int32
        var output: String
    }

    private static let outputLimit = 4 << 20

    /// Runs a program and keeps what it prints on both streams.
    static func capture(
        _ program: String,
        _ arguments: [String],
        environment: LayerEnvironment,
        directory: String
    ) async throws -> Outcome {
        let result = try await run(
            .path(FilePath(program)),
            arguments: Arguments(arguments),
            environment: .custom(terminated(environment)),
            workingDirectory: FilePath(directory),
            output: .string(limit: outputLimit),
            error: .combinedWithOutput
        )
        return Outcome(code: code(result.terminationStatus), output: result.standardOutput)
    }

    /// Runs a program that prints where the phase itself prints.
    static func pass(
        _ program: String,
        _ arguments: [String],
        environment: LayerEnvironment,
        directory: String
    ) async throws -> Int32 {
        let result = try await run(
            .path(FilePath(program)),
            arguments: Arguments(arguments),
            environment: .custom(terminated(environment)),
            workingDirectory: FilePath(directory),
            output: .currentStandardOutput,
            error: .combinedWithOutput
        )
        return code(result.terminationStatus)
    }

    /// Subprocess hands byte strings to the kernel as they are, so each must end with a zero.
    private static func terminated(_ environment: LayerEnvironment) -> [[UInt8]] {
        environment.entries.map { $0 + [0] }
    }

    private static func code(_ status: TerminationStatus) -> Int32 {
        switch status {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
    }
}
