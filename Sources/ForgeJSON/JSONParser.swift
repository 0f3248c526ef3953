// SPDX-License-Identifier: Apache-2.0

/// Reads one value by the grammar of RFC 8259, byte by byte. Stricter than that grammar in one thing: an escaped
/// surrogate without its partner is refused, for it is no character and could not be written again.
struct JSONParser {
    private let bytes: [UInt8]
    private let limits: JSONLimits
    private var offset = 0

    init(_ bytes: [UInt8], limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    /// The value that is the whole text.
    mutating func document() throws(JSONError) -> JSONValue {
        guard bytes.count <= limits.bytes else {
            throw JSONError("the text has more than \(limits.bytes) bytes", at: limits.bytes)
        }
        skipSpace()
        let value = try value(depth: 0)
        skipSpace()
        guard offset == bytes.count else { throw JSONError("there is more after the end of the value", at: offset) }
        return value
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        guard let byte = current else { throw JSONError("the text ends before its value does", at: offset) }
        switch byte {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw JSONError("no value starts with this byte", at: offset)
        }
    }

    // MARK: Collections

    private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
        try enter(depth)
        var fields: [String: JSONValue] = [:]
        if take(UInt8(ascii: "}")) { return .object(fields) }
        repeat {
            skipSpace()
            guard current == UInt8(ascii: "\"") else { throw JSONError("a field must start with its name", at: offset) }
            let name = try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw JSONError("a field's name must end in a colon", at: offset) }
            skipSpace()
            fields[name] = try value(depth: depth)
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw JSONError("an object goes on with a comma or ends", at: offset) }
        return .object(fields)
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
        try enter(depth)
        var items: [JSONValue] = []
        if take(UInt8(ascii: "]")) { return .array(items) }
        repeat {
            skipSpace()
            items.append(try value(depth: depth))
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw JSONError("an array goes on with a comma or ends", at: offset) }
        return .array(items)
    }

    private mutating func enter(_ depth: Int) throws(JSONError) {
        guard depth <= limits.depth else {
            throw JSONError("arrays and objects are more than \(limits.depth) deep inside each other", at: offset)
        }
        offset += 1
        skipSpace()
    }

    // MARK: Words and numbers

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        for index in 0..<word.utf8CodeUnitCount {
            guard take(word.utf8Start[index]) else { throw JSONError("no value starts like this", at: offset) }
        }
        return value
    }

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = offset
        var isWhole = true
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) {
            isWhole = false
            try digits()
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isWhole = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        if isWhole, let number = Int64(text) { return .integer(number) }
        return .number(text)
    }

    private mutating func digits() throws(JSONError) {
        let start = offset
        while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { offset += 1 }
        guard offset > start else { throw JSONError("a number lacks a digit", at: offset) }
    }

    // MARK: Strings

    private mutating func string() throws(JSONError) -> String {
        offset += 1
        let start = offset
        try skipPlain()
        if current == UInt8(ascii: "\"") {
            let text = try Self.text(bytes[start..<offset], at: start)
            offset += 1
            return text
        }
        var decoded = Array(bytes[start..<offset])
        while !take(UInt8(ascii: "\"")) {
            offset += 1
            try escape(into: &decoded)
            let plain = offset
            try skipPlain()
            decoded += bytes[plain..<offset]
        }
        return try Self.text(decoded[...], at: start)
    }

    /// Up to the next quote or backslash.
    private mutating func skipPlain() throws(JSONError) {
        while let byte = current {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return }
            guard byte >= 0x20 else { throw JSONError("a string has a control character", at: offset) }
            offset += 1
        }
        throw JSONError("the text ends inside a string", at: offset)
    }

    private static func text(_ bytes: ArraySlice<UInt8>, at start: Int) throws(JSONError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw JSONError("a string is not valid UTF-8", at: start)
        }
        return text
    }

    /// What follows a backslash.
    private mutating func escape(into decoded: inout [UInt8]) throws(JSONError) {
        guard let byte = current else { throw JSONError("the text ends inside a string", at: offset) }
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded.append(byte)
        case UInt8(ascii: "b"): decoded.append(0x08)
        case UInt8(ascii: "f"): decoded.append(0x0C)
        case UInt8(ascii: "n"): decoded.append(0x0A)
        case UInt8(ascii: "r"): decoded.append(0x0D)
        case UInt8(ascii: "t"): decoded.append(0x09)
        case UInt8(ascii: "u"): decoded += Array(String(Character(try escapedScalar())).utf8)
        default: throw JSONError("no escape is written like this", at: offset - 1)
        }
    }

    private mutating func escapedScalar() throws(JSONError) -> Unicode.Scalar {
        let start = offset
        let first = try hexadecimal()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard UTF16.isLeadSurrogate(UInt16(first)), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
            throw JSONError("half of a surrogate pair is no character", at: start)
        }
        let second = try hexadecimal()
        guard UTF16.isTrailSurrogate(UInt16(second)),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw JSONError("half of a surrogate pair is no character", at: start) }
        return scalar
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw JSONError("an escape lacks a hexadecimal digit", at: offset)
            }
            value = value << 4 | UInt32(digit)
            offset += 1
        }
        return value
    }

    // MARK: Bytes

    private var current: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        offset += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
    }
}
