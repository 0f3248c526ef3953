// SPDX-License-Identifier: Apache-2.0

import Crypto

/// Few letters that differ where texts do.
enum Fingerprint {
    /// The first 16 hexadecimal digits of a text's SHA-256.
    static func of(_ text: String) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let bytes = SHA256.hash(data: Array(text.utf8)).prefix(8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
