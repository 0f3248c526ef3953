// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeModel

// What every write for a claim brings, and how it is refused (specs/storage.md §4).
extension Claim {
    /// The first keys of a fenced script.
    var keys: [String] { [StorageKey.fence(app), StorageKey.leases] }

    /// The first arguments of a fenced script.
    var arguments: [String] { [app.text, token.description] }

    /// Throws unless the script answered 1: the claim was good.
    func check(_ reply: RedisReply) throws(StoreError) {
        guard reply == .integer(1) else { throw .lostLease(app) }
    }
}
