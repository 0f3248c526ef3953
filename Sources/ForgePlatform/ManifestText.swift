// SPDX-License-Identifier: Apache-2.0

package import ForgeJSON

/// Objects as YAML for people and for kubectl: fields sorted, but what an object is comes first; texts are quoted wherever
/// another reading of them is possible.
package enum ManifestText {
    /// What an object is, then what it is called, then the rest by name.
    private static let first = ["apiVersion", "kind", "metadata", "name", "namespace"]

    /// A stream of documents; each object's title is a comment above it.
    package static func stream(_ objects: [PlatformObject]) -> String {
        objects.map { "---\n# \($0.title)\n" + document($0.body) }.joined()
    }

    /// One document.
    package static func document(_ value: JSONValue) -> String {
        lines(value).map { $0 + "\n" }.joined()
    }

    private static func lines(_ value: JSONValue) -> [String] {
        switch value {
        case .object(let fields) where !fields.isEmpty: sorted(fields).flatMap { field($0.key, $0.value) }
        case .array(let items) where !items.isEmpty: items.flatMap { item($0) }
        default: [scalar(value)]
        }
    }

    private static func field(_ name: String, _ value: JSONValue) -> [String] {
        let key = quoted(name)
        switch value {
        case .object(let fields) where !fields.isEmpty: return ["\(key):"] + indented(lines(value))
        case .array(let items) where !items.isEmpty: return ["\(key):"] + indented(lines(value))
        case .string(let text) where text.hasSuffix("\n") && isBlock(text):
            return ["\(key): |"]
                + indented(text.dropLast().split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
        default: return ["\(key): \(scalar(value))"]
        }
    }

    private static func item(_ value: JSONValue) -> [String] {
        let lines = lines(value)
        return ["- " + (lines.first ?? "")] + lines.dropFirst().map { "  " + $0 }
    }

    private static func indented(_ lines: [String]) -> [String] { lines.map { $0.isEmpty ? "" : "  " + $0 } }

    private static func sorted(_ fields: [String: JSONValue]) -> [(key: String, value: JSONValue)] {
        fields.sorted { one, other in
            let ranks = [one.key, other.key].map { first.firstIndex(of: $0) ?? first.count }
            return ranks[0] == ranks[1] ? one.key < other.key : ranks[0] < ranks[1]
        }
    }

    private static func scalar(_ value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool(let flag): flag ? "true" : "false"
        case .integer(let number): String(number)
        case .number(let text): text
        case .string(let text): quoted(text)
        case .array: "[]"
        case .object: "{}"
        }
    }

    /// Whether a block keeps the text as it is: printable lines of which the first does not begin with a space.
    private static func isBlock(_ text: String) -> Bool {
        !text.hasPrefix(" ") && !text.hasPrefix("\n") && !text.hasSuffix("\n\n")
            && text.unicodeScalars.allSatisfy { $0 == "\n" || (0x20..<0x7f).contains($0.value) }
    }

    /// Plain where every YAML reader takes it for this text, else between double quotes with JSON's escapes.
    private static func quoted(_ text: String) -> String {
        let isPlain =
            text.unicodeScalars.first.map { $0.properties.isAlphabetic || $0 == "/" } ?? false
            && text.unicodeScalars.allSatisfy { isPlainScalar($0) } && !text.hasSuffix(":")
            && !["y", "n", "yes", "no", "on", "off", "true", "false", "null"].contains(text.lowercased())
        return isPlain ? text : "\"" + text.unicodeScalars.map(escaped).joined() + "\""
    }

    private static func isPlainScalar(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII
            && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                || "./:@_-".unicodeScalars.contains(scalar))
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"": "\\\""
        case "\\": "\\\\"
        case "\n": "\\n"
        case "\t": "\\t"
        case _ where scalar.value < 0x20 || scalar.value == 0x7f:
            "\\x" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
        default: String(Character(scalar))
        }
    }
}
