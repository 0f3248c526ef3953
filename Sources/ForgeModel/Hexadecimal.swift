// SPDX-License-Identifier: Apache-2.0

/// Bytes as hexadecimal digits.
package enum Hexadecimal {
    /// Two lower-case digits per byte.
    package static func text(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

extension Digest {
    /// The digest that a SHA-256 computation gave: its 32 bytes.
    package init(sha256 hash: some Sequence<UInt8>) {
        guard let digest = try? Digest("sha256:" + Hexadecimal.text(hash)) else {
            preconditionFailure("a SHA-256 value has 32 bytes")
        }
        self = digest
    }
}
