// SPDX-License-Identifier: Apache-2.0

/// Matching of one path component: `*`, `?`, `[a-z]` and `\` as fnmatch(3) has them.
package enum Glob {
    /// Whether `name`, which has no slash, matches the whole of `pattern`.
    ///
    /// Takes time at most proportional to the product of both lengths, whatever the pattern.
    package static func matches(_ pattern: [UInt8], _ name: [UInt8]) -> Bool {
        var p = 0
        var n = 0
        var star: (pattern: Int, name: Int)?
        while n < name.count {
            if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
                star = (p + 1, n)
                p += 1
            } else if p < pattern.count, let next = step(pattern, p, name[n]) {
                p = next
                n += 1
            } else if let last = star {
                star = (last.pattern, last.name + 1)
                p = last.pattern
                n = last.name + 1
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
    }

    /// Whether the pattern is written correctly: every `[` is closed and no `\` is last.
    package static func isWellFormed(_ pattern: [UInt8]) -> Bool {
        var p = 0
        while p < pattern.count {
            switch pattern[p] {
            case UInt8(ascii: "\\"):
                if p + 1 == pattern.count { return false }
                p += 2
            case UInt8(ascii: "["):
                guard let end = bracket(pattern, p, matching: nil)?.end else { return false }
                p = end
            default: p += 1
            }
        }
        return true
    }

    /// The pattern position behind the element at `p` when that matches `byte`.
    private static func step(_ pattern: [UInt8], _ p: Int, _ byte: UInt8) -> Int? {
        switch pattern[p] {
        case UInt8(ascii: "?"): return p + 1
        case UInt8(ascii: "\\"): return p + 1 < pattern.count && pattern[p + 1] == byte ? p + 2 : nil
        case UInt8(ascii: "["):
            guard let (end, found) = bracket(pattern, p, matching: byte) else { return nil }
            return found ? end : nil
        default: return pattern[p] == byte ? p + 1 : nil
        }
    }

    /// Reads the bracket expression at `start`; `nil` when it is not closed.
    private static func bracket(_ pattern: [UInt8], _ start: Int, matching byte: UInt8?) -> (end: Int, found: Bool)? {
        var p = start + 1
        let negated = p < pattern.count && (pattern[p] == UInt8(ascii: "!") || pattern[p] == UInt8(ascii: "^"))
        if negated { p += 1 }
        var found = false
        var isFirst = true
        while p < pattern.count {
            if pattern[p] == UInt8(ascii: "]"), !isFirst { return (p + 1, found != negated) }
            isFirst = false
            if let (end, inClass) = namedClass(pattern, p, byte) {
                found = found || inClass
                p = end
                continue
            }
            guard let (low, afterLow) = literal(pattern, p) else { return nil }
            var high = low
            p = afterLow
            if p + 1 < pattern.count, pattern[p] == UInt8(ascii: "-"), pattern[p + 1] != UInt8(ascii: "]") {
                guard let (upper, afterHigh) = literal(pattern, p + 1) else { return nil }
                high = upper
                p = afterHigh
            }
            if let byte, low <= high, (low...high).contains(byte) { found = true }
        }
        return nil
    }

    private static func literal(_ pattern: [UInt8], _ p: Int) -> (UInt8, Int)? {
        guard pattern[p] == UInt8(ascii: "\\") else { return (pattern[p], p + 1) }
        return p + 1 < pattern.count ? (pattern[p + 1], p + 2) : nil
    }

    /// Reads `[:name:]` at `p` (POSIX bracket expression §9.3.5), in the C locale.
    private static func namedClass(_ pattern: [UInt8], _ p: Int, _ byte: UInt8?) -> (end: Int, found: Bool)? {
        guard pattern[p...].starts(with: "[:".utf8) else { return nil }
        let name = pattern[(p + 2)...].prefix { $0 != UInt8(ascii: ":") }
        let end = p + 2 + name.count
        guard pattern[end...].starts(with: ":]".utf8) else { return nil }
        guard let byte else { return (end + 2, false) }
        let isUpper = (65...90).contains(byte)
        let isLower = (97...122).contains(byte)
        let isDigit = (48...57).contains(byte)
        let found =
            switch String(decoding: name, as: UTF8.self) {
            case "alpha": isUpper || isLower
            case "digit": isDigit
            case "alnum": isUpper || isLower || isDigit
            case "upper": isUpper
            case "lower": isLower
            case "space": byte == 32 || (9...13).contains(byte)
            case "blank": byte == 32 || byte == 9
            case "punct": (33...126).contains(byte) && !(isUpper || isLower || isDigit)
            case "print": (32...126).contains(byte)
            case "graph": (33...126).contains(byte)
            case "cntrl": byte < 32 || byte == 127
            case "xdigit": isDigit || (65...70).contains(byte) || (97...102).contains(byte)
            default: false
            }
        return (end + 2, found)
    }
}
