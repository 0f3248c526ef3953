// SPDX-License-Identifier: Apache-2.0

/// A value of a TOML document (toml.io, v1.0.0), without floats and dates, which no launch file has.
package enum TOMLValue: Hashable, Sendable {
    /// A string of any of the four forms.
    case string(String)
    /// A whole number.
    case integer(Int64)
    /// `true` or `false`.
    case bool(Bool)
    /// An array, also of tables.
    case array([TOMLValue])
    /// A table.
    case table([String: TOMLValue])

    /// The string, when it is one.
    package var string: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    /// The boolean, when it is one.
    package var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The elements, when it is an array.
    package var array: [TOMLValue]? {
        guard case .array(let value) = self else { return nil }
        return value
    }

    /// The members, when it is a table.
    package var table: [String: TOMLValue]? {
        guard case .table(let value) = self else { return nil }
        return value
    }

    /// The member `key` of a table.
    package subscript(key: String) -> TOMLValue? { table?[key] }

    /// The strings of an array of strings; `nil` when it is anything else.
    package var strings: [String]? {
        guard let elements = array else { return nil }
        let texts = elements.compactMap(\.string)
        return texts.count == elements.count ? texts : nil
    }
}

/// Where and why a TOML document was refused.
package struct TOMLError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line, from 1.
    package let line: Int
    /// What is wrong there.
    package let reason: String

    /// One line for a person.
    package var description: String { "line \(line): \(reason)" }
}
