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
        secret = "forge_" + key.withUnsafeBytes { Self.hexadecimal($0) }
    }

    /// Takes one that was made before.
    package init(secret: String) { self.secret = secret }

    /// SHA-256 of the secret. Tokens are random and long, so that a slow hash would protect nothing more.
    package func hash() throws -> ForgeModel.Digest {
        try ForgeModel.Digest("sha256:" + Self.hexadecimal(SHA256.hash(data: Array(secret.utf8))))
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
