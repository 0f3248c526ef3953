// SPDX-License-Identifier: Apache-2.0

/// Why a phase ended without success, with the exit code of the platform specification (its tables of exit codes).
struct PhaseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Exit codes that are the same in every phase.
    enum Code {
        static let generic: Int32 = 1
        static let arguments: Int32 = 3
        static let platformAPI: Int32 = 11
        static let buildpackAPI: Int32 = 12
        static let noGroup: Int32 = 20
        static let noGroupAfterErrors: Int32 = 21
        static let detect: Int32 = 22
        static let analyze: Int32 = 32
        static let restore: Int32 = 42
        static let buildpackFailed: Int32 = 51
        static let build: Int32 = 52
        static let export: Int32 = 62
    }

    /// What the process exits with.
    let exitCode: Int32
    /// What went wrong, and what to do.
    let description: String

    init(_ exitCode: Int32, _ description: String) {
        self.exitCode = exitCode
        self.description = description
    }
}
