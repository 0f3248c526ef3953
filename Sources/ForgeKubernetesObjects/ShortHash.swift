// SPDX-License-Identifier: Apache-2.0

import ForgeModel

import struct Crypto.SHA256

/// The first 40 bits of a SHA-256, as ten hexadecimal digits: enough to tell sets of pods and cut names apart.
struct ShortHash: Hashable, Sendable, CustomStringConvertible {
    /// The digits.
    let description: String

    /// Hashes bytes.
    init(of bytes: some Sequence<UInt8>) {
        description = Hexadecimal.text(SHA256.hash(data: Array(bytes)).prefix(5))
    }
}
