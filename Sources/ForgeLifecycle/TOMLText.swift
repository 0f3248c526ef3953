// SPDX-License-Identifier: Apache-2.0

import ForgeOCI
import TOMLKit

/// TOML as JSON values, so that one set of types reads files and labels alike.
enum TOMLText {
    /// Reads the file as a value; `nil` when there is none. The error names the file and the line.
    static func read(_ path: String) throws -> JSONValue? {
        guard let bytes = try TextFile.bytes(path) else { return nil }
        return try parse(bytes, name: path)
    }

    /// Reads the file into a type; `nil` when there is none.
    static func read<Value: Decodable>(_ type: Value.Type, _ path: String) throws -> Value? {
        guard let value = try read(path) else { return nil }
        return try decode(type, value, name: path)
    }

    /// Turns a value into a type; `name` is what an error names.
    static func decode<Value: Decodable>(_ type: Value.Type, _ value: JSONValue, name: String) throws -> Value {
        do {
            return try CanonicalJSON.decode(type, from: CanonicalJSON.encode(value), kind: name)
        } catch let error as MalformedDocument {
            throw PhaseError(PhaseError.Code.generic, "'\(name)' cannot be used: \(error.reason)")
        }
    }

    /// Reads a document.
    static func parse(_ bytes: [UInt8], name: String) throws -> JSONValue {
        guard let text = String(validating: bytes, as: UTF8.self), !text.utf8.contains(0) else {
            throw PhaseError(PhaseError.Code.generic, "'\(name)' is not UTF-8 text")
        }
        do {
            let table = try TOMLTable(string: text)
            return withExtendedLifetime(table) { value(table) }
        } catch let error as TOMLParseError {
            let line = error.source.begin.line
            throw PhaseError(PhaseError.Code.generic, "'\(name)' line \(line) is not TOML: \(error.description)")
        }
    }

    /// Dates and times, which JSON does not have, become their text.
    private static func value(_ value: any TOMLValueConvertible) -> JSONValue {
        switch value.type {
        case .table:
            var members: [String: JSONValue] = [:]
            for (key, member) in value.table ?? TOMLTable() { members[key] = self.value(member) }
            return .object(members)
        case .array: return .array((value.array ?? TOMLArray()).map { self.value($0) })
        case .string: return .string(value.string ?? "")
        case .int: return .integer(Int64(value.int ?? 0))
        case .double: return .number(value.double ?? 0)
        case .bool: return .bool(value.bool ?? false)
        case .date, .time, .dateTime: return .string(value.debugDescription)
        }
    }

    /// Writes a table: plain values first, then tables, each in the order of its keys.
    static func write(_ table: [String: JSONValue]) -> String {
        var lines: [String] = []
        write(table, path: [], to: &lines)
        return lines.joined(separator: "\n") + (lines.isEmpty ? "" : "\n")
    }

    private static func write(_ table: [String: JSONValue], path: [String], to lines: inout [String]) {
        let members = table.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        for (key, value) in members where !isTable(value) && !isTables(value) {
            if let text = inline(value) { lines.append("\(quoted(key: key)) = \(text)") }
        }
        for (key, value) in members {
            let name = path + [quoted(key: key)]
            if isTable(value), let inner = value.object {
                lines.append("\n[\(name.joined(separator: "."))]")
                write(inner, path: name, to: &lines)
            } else if isTables(value) {
                for element in value.array ?? [] {
                    lines.append("\n[[\(name.joined(separator: "."))]]")
                    write(element.object ?? [:], path: name, to: &lines)
                }
            }
        }
    }

    private static func isTable(_ value: JSONValue) -> Bool { value.object != nil }

    private static func isTables(_ value: JSONValue) -> Bool {
        guard let elements = value.array, !elements.isEmpty else { return false }
        return elements.allSatisfy(isTable)
    }

    /// A value on one line; TOML has no null.
    private static func inline(_ value: JSONValue) -> String? {
        switch value {
        case .null: return nil
        case .bool(let value): return value ? "true" : "false"
        case .integer(let value): return String(value)
        case .number(let value):
            let text = "\(value)"
            return text.contains(".") || text.contains("e") ? text : text + ".0"
        case .string(let value): return quoted(value)
        case .array(let values): return "[" + values.compactMap(inline).joined(separator: ", ") + "]"
        case .object(let members):
            let pairs = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.compactMap { key, value in
                inline(value).map { "\(quoted(key: key)) = \($0)" }
            }
            return "{" + pairs.joined(separator: ", ") + "}"
        }
    }

    private static func quoted(key: String) -> String {
        let isBare =
            !key.isEmpty
            && key.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
        return isBare ? key : quoted(key)
    }

    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
