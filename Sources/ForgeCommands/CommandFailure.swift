// SPDX-License-Identifier: Apache-2.0

import ForgeClient
import ForgeKubernetesClient
import ForgeManifest
import ForgeModel
import ForgeOCI
import ForgeRegistry

/// Why a command ended without its result: one line for people, a stable name for programs, an exit status for shells.
package struct CommandFailure: Error, Sendable, CustomStringConvertible {
    /// The stable name (specs/cli.md §4).
    let code: String
    /// One line: what, where, what to do.
    let message: String
    /// What the program exits with.
    let status: ExitStatus
    /// Mistakes in the user's files, which were printed by then.
    var diagnostics: [Diagnostic] = []

    /// Describes a failure.
    init(_ code: String, _ message: String, _ status: ExitStatus, diagnostics: [Diagnostic] = []) {
        self.code = code
        self.message = message
        self.status = status
        self.diagnostics = diagnostics
    }

    /// Sorts any error into one.
    init(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let error as ClientError: self.init(error.code, error.description, ExitStatus(error))
        case let error as KubernetesError: self.init("cluster", error.description, ExitStatus(error))
        case let error as RegistryError: self.init("registry", error.message, .unavailable)
        case let error as InvalidValue: self.init("usage", error.description, .usage)
        case let error as SourceError: self.init("invalid-source", error.description, .data)
        case let error as TarError: self.init("invalid-source", error.description, .data)
        // Files of the source are all that is read by such calls.
        case let error as SystemCallError: self.init("unreadable", error.description, .data)
        case is CancellationError: self.init("interrupted", "interrupted", .interrupted)
        default: self.init("failed", "\(error)", .failed)
        }
    }

    /// The message.
    package var description: String { message }
}
