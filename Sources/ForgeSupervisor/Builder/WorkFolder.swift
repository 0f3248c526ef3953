// SPDX-License-Identifier: Apache-2.0

import ForgeOCI
import FoundationEssentials
import Glibc

extension StateFolder {
    /// Runs a body with an empty folder below `tmp`, which is removed afterwards; so are those that killed runs left.
    func withWorkFolder<Result>(_ purpose: String, _ body: (String) async throws -> Result) async throws -> Result {
        let prefix = purpose + "-"
        for name in try Directory.names(in: temporary) where name.hasPrefix(prefix) {
            guard let pid = Int32(name.dropFirst(prefix.count)), ProcessIdentity(of: pid) == nil else { continue }
            try FileManager.default.removeItem(atPath: "\(temporary)/\(name)")
        }
        let work = "\(temporary)/\(prefix)\(getpid())"
        try SystemCallError.check("create", work) { mkdir(work, 0o700) }
        defer { _ = try? FileManager.default.removeItem(atPath: work) }
        return try await body(work)
    }
}
