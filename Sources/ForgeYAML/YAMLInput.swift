// SPDX-License-Identifier: Apache-2.0

/// The bytes of a file before anything interprets them.
///
/// libyaml reports neither line nor column for a byte that it cannot decode, and takes U+0085, U+2028 and U+2029
/// for line breaks, which YAML 1.2 and editors do not. Both are settled here, so that every mark after this is true.
package struct YAMLInput {
    private let bytes: [UInt8]

    /// Holds the bytes of a whole file.
    package init(bytes: [UInt8]) { self.bytes = bytes }

    /// Throws a located error for the first byte or character that a YAML file must not have.
    package func check(limits: YAMLLimits) throws(YAMLError) {
        let first = YAMLMark(line: 1, column: 1)
        guard bytes.count <= limits.inputBytes else {
            throw YAMLError("the file has \(bytes.count) bytes; at most \(limits.inputBytes) are read", at: first)
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            throw YAMLError("the file begins with a byte order mark; save it as UTF-8 without one", at: first)
        }
        if bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE]) {
            throw YAMLError("the file is UTF-16; save it as UTF-8", at: first)
        }
        var place = Place()
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        while true {
            switch decoder.decode(&iterator) {
            case .emptyInput:
                return
            case .error:
                throw YAMLError("the file is not UTF-8: a byte here is part of no character", at: place.mark)
            case .scalarValue(let scalar):
                try checkCharacter(scalar, at: place.mark)
                place.advance(over: scalar)
            }
        }
    }

    private func checkCharacter(_ scalar: Unicode.Scalar, at mark: YAMLMark) throws(YAMLError) {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0xA0...0x2027, 0x202A...0xFEFE, 0xFF00...0xFFFD, 0x10000...:
            return
        case 0:
            throw YAMLError("a NUL character is not allowed", at: mark)
        case 0x85, 0x2028, 0x2029:
            throw YAMLError("the line break \(Self.name(scalar)) is not allowed; use a newline", at: mark)
        default:
            throw YAMLError(
                "the invisible character \(Self.name(scalar)) is not allowed; remove it",
                at: mark
            )
        }
    }

    private static func name(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    /// Line and column of the next character; `\n`, `\r\n` and `\r` each end a line, as libyaml counts.
    private struct Place {
        var mark = YAMLMark(line: 1, column: 1)
        var afterCarriageReturn = false

        mutating func advance(over scalar: Unicode.Scalar) {
            switch scalar {
            case "\n" where afterCarriageReturn:
                afterCarriageReturn = false
            case "\n", "\r":
                mark = YAMLMark(line: mark.line + 1, column: 1)
                afterCarriageReturn = scalar == "\r"
            default:
                mark = YAMLMark(line: mark.line, column: mark.column + 1)
                afterCarriageReturn = false
            }
        }
    }
}
