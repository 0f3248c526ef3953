// SPDX-License-Identifier: Apache-2.0

import Crypto
package import ForgeModel

/// A bearer token: 256 random bits that only its holder knows; the store has its hash.
package struct BearerToken: Hashable, Sendable {
    /// What the holder sends: `forge_` and 64 hexadecimal digits.
    package let secret: String

    /// Makes a new one.
    package init() {
        let key = SymmetricKey(size: .bits256)
        secret = "forge_" + key.withUnsafeBytes { Hexadecimal.text($0) }
    }

    /// Takes one that was made before.
    package init(secret: String) { self.secret = secret }

    /// SHA-256 of the secret. Tokens are random and long, so that a slow hash would protect nothing more.
    package func hash() -> ForgeModel.Digest {
        ForgeModel.Digest(sha256: SHA256.hash(data: Array(secret.utf8)))
    }
}
