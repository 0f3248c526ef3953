// SPDX-License-Identifier: Apache-2.0

import ForgeModel

import struct Crypto.SHA256

/// Few letters that differ where texts do.
enum Fingerprint {
    /// The first 16 hexadecimal digits of a text's SHA-256.
    static func of(_ text: String) -> String {
        Hexadecimal.text(SHA256.hash(data: Array(text.utf8)).prefix(8))
    }
}
