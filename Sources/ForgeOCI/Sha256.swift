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
    package func digest() -> Digest {
        let hexadecimal = Array("0123456789abcdef".utf8)
        var text = Array("sha256:".utf8)
        for byte in hash.finalize() {
            text.append(hexadecimal[Int(byte >> 4)])
            text.append(hexadecimal[Int(byte & 15)])
        }
        guard let digest = try? Digest(String(decoding: text, as: UTF8.self)) else {
            preconditionFailure("64 lower-case hexadecimal digits are a digest")
        }
        return digest
    }

    /// The digest of bytes at hand.
    package static func digest(of bytes: some Sequence<UInt8>) -> Digest {
        var hash = Sha256()
        hash.update(bytes)
        return hash.digest()
    }
}
