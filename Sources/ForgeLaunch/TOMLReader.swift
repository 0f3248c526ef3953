// SPDX-License-Identifier: Apache-2.0

/// Reads a TOML document strictly: what it does not know is an error, never a guess.
package struct TOMLReader {
    static let maximumDepth = 32

    var bytes: [UInt8]
    var position = 0
    var line = 1
    private var root: [String: TOMLValue] = [:]
    /// The tables that a header or an inline table defined, so that none is defined twice.
    private var defined: Set<[String]> = []
    private var frozen: Set<[String]> = []

    private init(_ text: [UInt8]) { bytes = text }

    /// The document's root table. Throws ``TOMLError``.
    package static func read(_ text: [UInt8]) throws(TOMLError) -> [String: TOMLValue] {
        guard String(validating: text, as: UTF8.self) != nil else {
            throw TOMLError(line: 1, reason: "it is not UTF-8")
        }
        var reader = TOMLReader(text)
        try reader.document()
        return reader.root
    }

    private mutating func document() throws(TOMLError) {
        var table: [String] = []
        while true {
            skipBlank(newlines: true)
            guard let byte = peek else { return }
            if byte == UInt8(ascii: "[") {
                table = try header()
            } else {
                let key = try keyPath()
                try expect("=")
                skipBlank()
                try assign(table + key, try value(depth: 0))
            }
            try endOfLine()
        }
    }

    private mutating func header() throws(TOMLError) -> [String] {
        position += 1
        let isArray = peek == UInt8(ascii: "[")
        if isArray { position += 1 }
        let path = try keyPath()
        try expect("]")
        if isArray { try expect("]", adjacent: true) }
        if isArray {
            defined = defined.filter { !$0.starts(with: path) || $0 == path }
            frozen = frozen.filter { !$0.starts(with: path) }
            try appendTable(at: path)
        } else {
            try defineTable(at: path)
        }
        return path
    }

    private mutating func defineTable(at path: [String]) throws(TOMLError) {
        let taken = error("the table \(Self.shown(path)) is already defined")
        guard defined.insert(path).inserted else { throw taken }
        try update(path) { existing throws(TOMLError) in
            if existing == nil { existing = .table([:]) }
            guard case .table? = existing else { throw taken }
        }
    }

    private mutating func appendTable(at path: [String]) throws(TOMLError) {
        let taken = error("\(Self.shown(path)) is already something else")
        let isNew = defined.insert(path).inserted
        try update(path) { existing throws(TOMLError) in
            switch existing {
            case nil where isNew: existing = .array([.table([:])])
            case .array(let elements)? where !isNew: existing = .array(elements + [.table([:])])
            default: throw taken
            }
        }
    }

    private mutating func assign(_ path: [String], _ value: TOMLValue) throws(TOMLError) {
        let taken = error("\(Self.shown(path)) is given twice")
        try update(path) { existing throws(TOMLError) in
            if existing != nil { throw taken }
            existing = value
        }
        switch value {
        case .table, .array: frozen.insert(path)
        case .string, .integer, .bool: break
        }
    }

    /// Changes the value at a path, making tables on the way; in an array of tables the last element is meant.
    private mutating func update(
        _ path: [String],
        _ change: (inout TOMLValue?) throws(TOMLError) -> Void
    ) throws(TOMLError) {
        for length in 1..<max(path.count, 1) where frozen.contains(Array(path[..<length])) {
            throw error("\(Self.shown(path)) adds to a value that is complete")
        }
        var copy: TOMLValue? = .table(root)
        root = [:]
        try Self.update(&copy, path[...], line: line, change)
        root = copy?.table ?? [:]
    }

    private static func update(
        _ node: inout TOMLValue?,
        _ path: ArraySlice<String>,
        line: Int,
        _ change: (inout TOMLValue?) throws(TOMLError) -> Void
    ) throws(TOMLError) {
        guard let key = path.first else { return try change(&node) }
        switch node {
        case nil:
            var child: TOMLValue?
            try update(&child, path.dropFirst(), line: line, change)
            node = .table(child.map { [key: $0] } ?? [:])
        case .table(var members)?:
            node = nil
            var child = members.removeValue(forKey: key)
            try update(&child, path.dropFirst(), line: line, change)
            members[key] = child
            node = .table(members)
        case .array(var elements)? where elements.last?.table != nil:
            node = nil
            var last = elements.popLast()
            try update(&last, path, line: line, change)
            if let last { elements.append(last) }
            node = .array(elements)
        default: throw TOMLError(line: line, reason: "'\(key)' is put into something that is not a table")
        }
    }

    private mutating func value(depth: Int) throws(TOMLError) -> TOMLValue {
        guard depth < Self.maximumDepth else { throw error("values are nested too deep") }
        switch peek {
        case UInt8(ascii: "\"")?, UInt8(ascii: "'")?: return .string(try string(multiline: true))
        case UInt8(ascii: "[")?: return try array(depth: depth)
        case UInt8(ascii: "{")?: return try inlineTable(depth: depth)
        default: return try word()
        }
    }

    private mutating func array(depth: Int) throws(TOMLError) -> TOMLValue {
        position += 1
        var elements: [TOMLValue] = []
        while true {
            skipBlank(newlines: true)
            if take("]") { return .array(elements) }
            elements.append(try value(depth: depth + 1))
            skipBlank(newlines: true)
            if take("]") { return .array(elements) }
            guard take(",") else { throw error("an array needs ',' or ']'") }
        }
    }

    private mutating func inlineTable(depth: Int) throws(TOMLError) -> TOMLValue {
        position += 1
        var table: TOMLValue? = .table([:])
        skipBlank()
        if take("}") { return .table([:]) }
        while true {
            skipBlank()
            let path = try keyPath()
            try expect("=")
            skipBlank()
            let value = try value(depth: depth + 1)
            let taken = error("\(Self.shown(path)) is given twice")
            try Self.update(&table, path[...], line: line) { existing throws(TOMLError) in
                if existing != nil { throw taken }
                existing = value
            }
            skipBlank()
            if take("}") { return table ?? .table([:]) }
            guard take(",") else { throw error("an inline table needs ',' or '}'") }
        }
    }

    private mutating func word() throws(TOMLError) -> TOMLValue {
        let start = position
        while let byte = peek, Self.isBare(byte) || byte == UInt8(ascii: "+") { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        switch text {
        case "true": return .bool(true)
        case "false": return .bool(false)
        default:
            let digits = text.drop { $0 == "-" || $0 == "+" }
            let isPlain = digits == "0" || (!digits.isEmpty && !digits.hasPrefix("0") && !digits.hasPrefix("_"))
            guard isPlain, text.count - digits.count <= 1, !text.hasSuffix("_"), !text.contains("__"),
                let number = Int64(String(text.filter { $0 != "_" }))
            else { throw error("'\(text)' is not a value that is known here") }
            return .integer(number)
        }
    }

    private static func shown(_ path: [String]) -> String { "'\(path.joined(separator: "."))'" }
}
