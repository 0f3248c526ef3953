// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
package import ForgeModel

// Tokens: specs/storage.md §7.
extension RedisStateStore {
    /// Stores the hash of a token under a name, replacing that name's.
    package func saveToken(name: String, hash: Digest) async throws {
        _ = try await pool.command("HSET", StorageKey.tokens, name, hash.text)
    }

    /// The hashes of all tokens, by name.
    package func tokens() async throws -> [String: Digest] {
        let fields = try await pool.command("HGETALL", StorageKey.tokens).elements ?? []
        var tokens: [String: Digest] = [:]
        for index in stride(from: 0, to: fields.count - 1, by: 2) {
            guard let name = fields[index].text, let text = fields[index + 1].text, let hash = try? Digest(text) else {
                throw StoreError.unreadable(StorageKey.tokens, "a field is no name with a digest")
            }
            tokens[name] = hash
        }
        return tokens
    }
}
