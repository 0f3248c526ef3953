// SPDX-License-Identifier: Apache-2.0

/// Header fields in the order in which they were added or received. Names compare without regard to case
/// (RFC 9110 §5.1), a name may occur several times.
package struct HTTPHeaders: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    /// One header line.
    package struct Field: Sendable, Hashable {
        package let name: String
        package let value: String

        /// One line; it is checked when it is sent.
        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Every field, in order.
    package private(set) var fields: [Field]

    /// The given fields, in their order.
    package init(_ fields: [Field] = []) {
        self.fields = fields
    }

    /// The literal's fields, in their order.
    package init(dictionaryLiteral elements: (String, String)...) {
        fields = elements.map { Field(name: $0.0, value: $0.1) }
    }

    /// The first value under `name`; assigning replaces every field of that name, `nil` removes them.
    package subscript(name: String) -> String? {
        get { fields.first { Self.isSame($0.name, name) }?.value }
        set {
            fields.removeAll { Self.isSame($0.name, name) }
            if let newValue { fields.append(Field(name: name, value: newValue)) }
        }
    }

    /// Every value under `name`, in order.
    package func values(_ name: String) -> [String] {
        fields.filter { Self.isSame($0.name, name) }.map(\.value)
    }

    /// Appends a field and keeps those of the same name.
    package mutating func add(_ name: String, _ value: String) {
        fields.append(Field(name: name, value: value))
    }

    /// Continues the last field's value: a folded line (RFC 9112 §5.2).
    mutating func continueLast(_ text: String) {
        guard let last = fields.popLast() else { return }
        fields.append(Field(name: last.name, value: last.value + " " + text))
    }

    private static func isSame(_ one: String, _ other: String) -> Bool {
        one.utf8.count == other.utf8.count && zip(one.utf8, other.utf8).allSatisfy { lowercased($0) == lowercased($1) }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
