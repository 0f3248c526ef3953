// SPDX-License-Identifier: Apache-2.0

/// A value that is written as one text, in the manifest, in Redis and on the wire, and that is checked once at the door.
///
/// Conforming types get their `Codable`, ordering and description from the text.
package protocol TextValue: Hashable, Sendable, Codable, Comparable, CustomStringConvertible, CodingKeyRepresentable {
    /// The checked text.
    var text: String { get }
    /// Checks `text`; throws ``InvalidValue``.
    init(_ text: String) throws
}

extension TextValue {
    /// The text itself.
    package var description: String { text }

    /// Orders by the bytes of the text, so that every machine sorts alike.
    package static func < (left: Self, right: Self) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    /// Reads and checks a single string.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        do {
            self = try Self(text)
        } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(error)")
        }
    }

    /// Writes a single string.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    /// The text as a key, so that dictionaries by this value are JSON objects.
    package var codingKey: any CodingKey { TextKey(stringValue: text) }

    /// Checks a key.
    package init?(codingKey: some CodingKey) {
        guard let value = try? Self(codingKey.stringValue) else { return nil }
        self = value
    }
}

private struct TextKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension String {
    /// Whether every character is one of a-z, 0-9 and `-`, and the ends are not `-` (RFC 1123 §2.1 label).
    var isLabel: Bool {
        guard let first = utf8.first, let last = utf8.last else { return false }
        let dash = UInt8(ascii: "-")
        return first != dash && last != dash && utf8.allSatisfy { isLowerOrDigit($0) || $0 == dash }
    }
}

func isLowerOrDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}
