// SPDX-License-Identifier: Apache-2.0

package import ForgeEngine

/// The token that the first start of a platform makes (specs/api.md §2).
package enum AdminToken {
    /// The name that its holder has in the history of releases.
    package static let name = "admin"

    /// Makes sure that the store knows a token, when it knows none at all.
    ///
    /// - Parameter kept: the token of an earlier start, if its file is still there: a store that lost its data must not
    ///   lock out those who hold that token.
    /// - Returns: the token that was stored; nil when the store knew one already.
    package static func ensure(in store: any StateStore, kept: BearerToken?) async throws -> BearerToken? {
        guard try await store.tokens().isEmpty else { return nil }
        let token = kept ?? BearerToken()
        try await store.saveToken(name: name, hash: token.hash())
        return token
    }

    /// Makes a token that is kept elsewhere, in a Secret, the first user's: one that was changed there holds from now on.
    package static func set(_ token: BearerToken, in store: any StateStore) async throws {
        try await store.saveToken(name: name, hash: token.hash())
    }
}
