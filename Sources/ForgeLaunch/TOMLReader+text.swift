// SPDX-License-Identifier: Apache-2.0

/// Keys, strings and white space.
extension TOMLReader {
    var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    func error(_ reason: String) -> TOMLError { TOMLError(line: line, reason: reason) }

    static func isBare(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    mutating func expect(_ character: Unicode.Scalar, adjacent: Bool = false) throws(TOMLError) {
        if !adjacent { skipBlank() }
        guard take(character) else { throw error("expected '\(character)'") }
    }

    /// Skips spaces and tabs, and with `newlines` also line ends and comments.
    mutating func skipBlank(newlines: Bool = false) {
        while let byte = peek {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"): position += 1
            case UInt8(ascii: "\r") where newlines && following == UInt8(ascii: "\n"): position += 1
            case UInt8(ascii: "\n") where newlines:
                position += 1
                line += 1
            case UInt8(ascii: "#") where newlines: while let next = peek, next != UInt8(ascii: "\n") { position += 1 }
            default: return
            }
        }
    }

    private var following: UInt8? { position + 1 < bytes.count ? bytes[position + 1] : nil }

    mutating func endOfLine() throws(TOMLError) {
        skipBlank()
        guard let byte = peek else { return }
        let ends = byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "#")
        guard ends || (byte == UInt8(ascii: "\r") && following == UInt8(ascii: "\n")) else {
            throw error("expected the end of the line")
        }
    }

    /// A key, dotted or not.
    mutating func keyPath() throws(TOMLError) -> [String] {
        var path: [String] = []
        repeat {
            guard path.count < Self.maximumDepth else { throw error("a key has too many parts") }
            skipBlank()
            path.append(try key())
            skipBlank()
        } while take(".")
        return path
    }

    private mutating func key() throws(TOMLError) -> String {
        if peek == UInt8(ascii: "\"") || peek == UInt8(ascii: "'") { return try string(multiline: false) }
        let start = position
        while let byte = peek, Self.isBare(byte) { position += 1 }
        guard position > start else { throw error("expected a key") }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// A string at the current quote.
    mutating func string(multiline: Bool) throws(TOMLError) -> String {
        let quote = bytes[position]
        let isLiteral = quote == UInt8(ascii: "'")
        if bytes[position...].starts(with: [quote, quote, quote]) {
            guard multiline else { throw error("a key is on one line") }
            return try longString(quote, isLiteral: isLiteral)
        }
        position += 1
        var text: [UInt8] = []
        while let byte = peek {
            position += 1
            if byte == quote { return String(decoding: text, as: UTF8.self) }
            if byte == UInt8(ascii: "\\"), !isLiteral {
                text += try escape()
            } else if byte < 0x20 && byte != UInt8(ascii: "\t") || byte == 0x7F {
                break
            } else {
                text.append(byte)
            }
        }
        throw error("a string is not closed on its line")
    }

    private mutating func longString(_ quote: UInt8, isLiteral: Bool) throws(TOMLError) -> String {
        position += 3
        if peek == UInt8(ascii: "\r"), following == UInt8(ascii: "\n") { position += 1 }
        if peek == UInt8(ascii: "\n") {
            position += 1
            line += 1
        }
        var text: [UInt8] = []
        while let byte = peek {
            if byte == quote {
                let run = bytes[position...].prefix { $0 == quote }.count
                position += run
                // Up to two quotes may stand right before the closing three.
                guard run < 3 else {
                    guard run <= 5 else { throw error("too many quotes") }
                    text += [UInt8](repeating: quote, count: run - 3)
                    return String(decoding: text, as: UTF8.self)
                }
                text += [UInt8](repeating: quote, count: run)
                continue
            }
            position += 1
            if byte == UInt8(ascii: "\\"), !isLiteral {
                if !skipLineEnd() { text += try escape() }
            } else {
                guard byte >= 0x20 && byte != 0x7F || [0x09, 0x0A, 0x0D].contains(byte) else { break }
                if byte == UInt8(ascii: "\n") { line += 1 }
                text.append(byte)
            }
        }
        throw error("a string is not closed")
    }

    /// A backslash at the end of a line swallows all white space up to the next text.
    private mutating func skipLineEnd() -> Bool {
        var end = position
        while end < bytes.count, bytes[end] == UInt8(ascii: " ") || bytes[end] == UInt8(ascii: "\t") { end += 1 }
        if end < bytes.count, bytes[end] == UInt8(ascii: "\r") { end += 1 }
        guard end < bytes.count, bytes[end] == UInt8(ascii: "\n") else { return false }
        while let byte = peek, [0x20, 0x09, 0x0A, 0x0D].contains(byte) {
            if byte == UInt8(ascii: "\n") { line += 1 }
            position += 1
        }
        return true
    }

    private mutating func escape() throws(TOMLError) -> [UInt8] {
        guard let byte = peek else { throw error("a string is not closed") }
        position += 1
        switch byte {
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): return [byte]
        case UInt8(ascii: "u"): return try unicode(digits: 4)
        case UInt8(ascii: "U"): return try unicode(digits: 8)
        default: throw error("a string has an unknown escape")
        }
    }

    private mutating func unicode(digits: Int) throws(TOMLError) -> [UInt8] {
        let hexadecimal = bytes[position...].prefix(digits)
        guard hexadecimal.count == digits, hexadecimal.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let number = UInt32(String(decoding: hexadecimal, as: UTF8.self), radix: 16),
            let scalar = Unicode.Scalar(number)
        else { throw error("a string has an escape that is no character") }
        position += digits
        return Array(String(Character(scalar)).utf8)
    }
}
