// SPDX-License-Identifier: Apache-2.0

/// One JSON value (RFC 8259), as a tree: for single objects, never for a whole list of them.
package enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    /// A number that fits 64 bits and is written without fraction or exponent.
    case integer(Int64)
    /// Any other number, as it was written.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// A string.
    package init(stringLiteral value: String) { self = .string(value) }
    /// A number.
    package init(integerLiteral value: Int64) { self = .integer(value) }
    /// A truth value.
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    /// A list.
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// An object; of equal keys the last one counts.
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements) { $1 })
    }
}

extension JSONValue {
    /// The text of a string.
    package var string: String? { if case .string(let text) = self { text } else { nil } }
    /// The value of a whole number.
    package var integer: Int? { if case .integer(let number) = self { Int(number) } else { nil } }
    /// The value of a truth value.
    package var bool: Bool? { if case .bool(let flag) = self { flag } else { nil } }
    /// The items of a list.
    package var array: [JSONValue]? { if case .array(let items) = self { items } else { nil } }
    /// The fields of an object.
    package var object: [String: JSONValue]? { if case .object(let fields) = self { fields } else { nil } }

    /// What is at the end of a path of field names; nil when something on the way is no object or has no such field.
    package subscript(path: String...) -> JSONValue? {
        var value: JSONValue? = self
        for name in path { value = value?.object?[name] }
        return value
    }
}
