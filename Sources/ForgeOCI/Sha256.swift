// SPDX-License-Identifier: Apache-2.0

import Crypto

package import struct ForgeModel.Digest

/// A running SHA-256 that ends as a ``Digest``.
package struct Sha256: Sendable {
    private var hash = SHA256()

    /// Starts an empty hash.
    package init() {}

    /// Takes in more bytes.
    package mutating func update(_ bytes: some Sequence<UInt8>) {
        let done: Void? = bytes.withContiguousStorageIfAvailable {
            hash.update(bufferPointer: UnsafeRawBufferPointer($0))
        }
        if done == nil { hash.update(data: Array(bytes)) }
    }

    /// The digest of everything so far; more may follow.
    package func digest() -> Digest { Digest(sha256: hash.finalize()) }

    /// The digest of bytes at hand.
    package static func digest(of bytes: some Sequence<UInt8>) -> Digest {
        var hash = Sha256()
        hash.update(bytes)
        return hash.digest()
    }
}
