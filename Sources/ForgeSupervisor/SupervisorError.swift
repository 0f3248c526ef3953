// SPDX-License-Identifier: Apache-2.0

/// Why the platform does not start, or not go on: one message and what a script decides by.
package struct SupervisorError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of fault it is.
    package enum Code: Sendable {
        /// Something in a file or a flag is not usable.
        case invalid
        /// A program, a port or another part that is needed is not there.
        case unavailable
        /// Another supervisor holds the state folder.
        case locked
        /// This user may not do it.
        case refused
        /// It was tried, and failed.
        case failed

        /// The exit status (specs/supervisor.md §7).
        package var exitStatus: Int32 {
            switch self {
            case .failed: 1
            case .invalid: 64
            case .unavailable: 69
            case .locked: 75
            case .refused: 77
            }
        }
    }

    /// What kind of fault it is.
    package let code: Code
    /// What, where, what to do.
    package let message: String

    /// Describes a fault.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    package var description: String { message }
}
