// SPDX-License-Identifier: Apache-2.0

/// A program with its arguments and its whole environment.
package struct ChildCommand: Hashable, Sendable {
    /// Absolute path of the program.
    package let executable: String
    /// The arguments, without the program's name.
    package let arguments: [String]
    /// The environment: nothing else is passed on.
    package let environment: [String: String]

    /// Describes a command.
    package init(_ executable: String, _ arguments: [String], environment: [String: String]) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
    }
}

/// How a process ended.
package enum ExitStatus: Hashable, Sendable, CustomStringConvertible {
    /// It returned this code.
    case exited(Int32)
    /// This signal ended it.
    case killed(signal: Int32)

    /// `exited with 1`, `was killed by signal 9`.
    package var description: String {
        switch self {
        case .exited(let code): "exited with \(code)"
        case .killed(let signal): "was killed by signal \(signal)"
        }
    }
}
