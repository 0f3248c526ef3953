// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Subprocess
import SystemPackage

/// The peer: kubectl with the same kubeconfig.
struct Kubectl {
    /// Why it did not do its part.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Runs it to its end; its output is thrown away.
    ///
    /// - Parameter isDiff: exit status 1 then says that something differs, which is no failure.
    func run(_ arguments: [String], isDiff: Bool = false) async throws {
        let result = try await Subprocess.run(
            .name("kubectl"),
            arguments: Arguments(arguments),
            output: .discarded,
            error: .string(limit: 64 << 10)
        )
        switch result.terminationStatus {
        case .exited(0): return
        case .exited(1) where isDiff: return
        default:
            throw Failure(description: "kubectl \(arguments.first ?? ""): \(result.standardError.prefix(400))")
        }
    }
}
