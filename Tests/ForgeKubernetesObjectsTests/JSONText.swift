// SPDX-License-Identifier: Apache-2.0

import ForgeJSON

/// A value as indented lines, one leaf a line: what golden texts are compared with.
enum JSONText {
    static func of(_ value: JSONValue) -> String { lines(value).joined(separator: "\n") }

    private static func lines(_ value: JSONValue) -> [String] {
        switch value {
        case .object(let fields) where !fields.isEmpty:
            fields.sorted { $0.key < $1.key }.flatMap { name, field in under("\(name):", field, indent: "  ") }
        case .array(let items) where !items.isEmpty:
            items.flatMap { item in
                let lines = lines(item)
                return ["- " + lines[0]] + lines.dropFirst().map { "  " + $0 }
            }
        default: [String(decoding: value.bytes(), as: UTF8.self)]
        }
    }

    private static func under(_ head: String, _ value: JSONValue, indent: String) -> [String] {
        let lines = lines(value)
        switch value {
        case .object(let fields) where !fields.isEmpty: return [head] + lines.map { indent + $0 }
        case .array(let items) where !items.isEmpty: return [head] + lines.map { indent + $0 }
        default: return ["\(head) \(lines[0])"]
        }
    }
}
