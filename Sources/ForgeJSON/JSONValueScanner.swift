// SPDX-License-Identifier: Apache-2.0

/// Finds where a value ends while its bytes arrive, and collects them. Whether they are a value at all is for the parser
/// to say.
struct JSONValueScanner {
    /// Whether a value has begun and not ended.
    private(set) var isInside = false
    private var text: [UInt8] = []
    private var depth = 0
    private var isInString = false
    private var isEscaped = false

    /// Starts with the next byte.
    mutating func begin() {
        isInside = true
        text = []
        depth = 0
        isInString = false
        isEscaped = false
    }

    /// Reads on to the end of the value or of the chunk.
    /// - Returns: the value's text when it ended in this chunk; `position` is then after it.
    mutating func scan(_ chunk: [UInt8], from position: inout Int, limit: Int) throws(JSONError) -> [UInt8]? {
        let start = position
        var isAtEnd = false
        while position < chunk.count, !isAtEnd {
            let byte = chunk[position]
            if endsBefore(byte, isFirst: text.isEmpty && position == start) {
                isAtEnd = true
            } else {
                isAtEnd = endsWith(byte)
                position += 1
            }
        }
        guard text.count + position - start <= limit else {
            throw JSONError("a value of the list has more than \(limit) bytes", at: position)
        }
        text += chunk[start..<position]
        guard isAtEnd else { return nil }
        isInside = false
        defer { text = [] }
        return text
    }

    /// Numbers and words have no last byte of their own: the byte after them tells. The first byte always belongs to the
    /// value, so that every scan makes headway.
    private func endsBefore(_ byte: UInt8, isFirst: Bool) -> Bool {
        guard depth == 0, !isInString, !isFirst else { return false }
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), 0x20, 0x0A, 0x0D, 0x09: return true
        default: return false
        }
    }

    /// Whether the value ends with this byte.
    private mutating func endsWith(_ byte: UInt8) -> Bool {
        if isInString {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isInString = false
                return depth == 0
            }
            return false
        }
        switch byte {
        case UInt8(ascii: "\""): isInString = true
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            depth -= 1
            return depth <= 0
        default: break
        }
        return false
    }
}
