// SPDX-License-Identifier: Apache-2.0

import ForgeYAML
import Testing

/// Files that have no value to look at: each ends in one located error, never in a crash or a long wait.
@Suite struct YAMLErrorTests {
    private static func failure(_ bytes: [UInt8], limits: YAMLLimits = YAMLLimits()) -> String? {
        do throws(YAMLError) {
            _ = try YAMLDocument(parsing: bytes, limits: limits)
            return nil
        } catch {
            return error.description
        }
    }

    @Test(arguments: [
        ("a:\n\tb: 1\n", "2:1: a tab cannot indent; use spaces"),
        ("é: x\na:\n  b: 1\n\tc: 2\n", "4:1: a tab cannot indent; use spaces"),
        ("a: b: c\n", "1:5: a ':' is not allowed here; check the indentation, or put the text in quotes"),
        ("a: 1\n  b: 2\n", "2:4: a ':' is not allowed here; check the indentation, or put the text in quotes"),
        ("a:\n  b: 1\n c: 2\n", "3:2: expected a key; check the indentation"),
        ("a: [1, 2\n", "2:1: expected ',' or ']'"),
        ("a: {b: 1\n", "2:1: expected ',' or '}'"),
        ("a: \"b\n", "2:1: the file ends inside a quoted text"),
        ("a: 'b\n", "2:1: the file ends inside a quoted text"),
        ("a: @b\n", "1:4: this character cannot begin a value; put the text in quotes"),
        ("a: `b`\n", "1:4: this character cannot begin a value; put the text in quotes"),
        ("a: %b\n", "1:4: this character cannot begin a value; put the text in quotes"),
        ("a: \"\\q\"\n", "1:5: unknown escape; in double quotes write '\\\\' for a backslash"),
        ("a: \"\\ud800\"\n", "1:7: this escape is no Unicode character"),
        ("a: - b\n", "1:4: a '-' item is not allowed here; start it on a new line"),
        ("- a\nb: 1\n", "2:1: expected '-' for the next item; check the indentation"),
        ("a\nb: 1\n", "2:2: a ':' is not allowed here; check the indentation, or put the text in quotes"),
        ("a: 1\nb\n", "3:1: expected ':' after the key"),
        ("a: *b\n", "1:4: the alias '*b' has no anchor that ends before it"),
        ("a: &b [*b]\n", "1:8: the alias '*b' has no anchor that ends before it"),
        ("a: !x!y z\n", "1:4: this tag prefix is not defined"),
        ("a: 1\nb: \0\n", "2:4: a NUL character is not allowed"),
        ("a: \u{1B}[31m\n", "1:4: the invisible character U+001B is not allowed; remove it"),
        ("a: 1\r\nb: \u{7F}\n", "2:4: the invisible character U+007F is not allowed; remove it"),
        ("a: x\u{85}y\n", "1:5: the line break U+0085 is not allowed; use a newline"),
        ("a: x\u{2028}y\n", "1:5: the line break U+2028 is not allowed; use a newline"),
        ("a: \u{FEFF}y\n", "1:4: the invisible character U+FEFF is not allowed; remove it"),
    ])
    func `a broken file`(text: String, error: String) {
        #expect(Self.failure(Array(text.utf8)) == error)
    }

    @Test(
        arguments: [
            ([0xEF, 0xBB, 0xBF, 0x61], "1:1: the file begins with a byte order mark; save it as UTF-8 without one"),
            ([0xFF, 0xFE, 0x61, 0x00], "1:1: the file is UTF-16; save it as UTF-8"),
            ([0xFE, 0xFF, 0x00, 0x61], "1:1: the file is UTF-16; save it as UTF-8"),
            ([0x61, 0x0A, 0x62, 0x3A, 0x20, 0xE9], "2:4: the file is not UTF-8: a byte here is part of no character"),
            ([0xC3, 0xA9, 0xC3], "1:2: the file is not UTF-8: a byte here is part of no character"),
            ([0xED, 0xA0, 0x80], "1:1: the file is not UTF-8: a byte here is part of no character"),
            ([0xC0, 0x80], "1:1: the file is not UTF-8: a byte here is part of no character"),
            ([0xF5, 0x80, 0x80, 0x80], "1:1: the file is not UTF-8: a byte here is part of no character"),
        ] as [([UInt8], String)]
    )
    func `a wrong encoding`(bytes: [UInt8], error: String) {
        #expect(Self.failure(bytes) == error)
    }

    @Test func `a file of more than 1 MiB`() {
        let bytes = [UInt8](repeating: UInt8(ascii: "#"), count: (1 << 20) + 1)
        #expect(Self.failure(bytes) == "1:1: the file has 1048577 bytes; at most 1048576 are read")
    }

    @Test(arguments: ["[", "{a: ", "- ", "? "])
    func `nesting without end`(unit: String) {
        let text = String(repeating: unit, count: (1 << 20) / unit.utf8.count)
        #expect(Self.failure(Array(text.utf8))?.hasSuffix("nested too deep; at most 64 levels are read") == true)
    }

    @Test func `64 levels are read, 65 are not`() {
        let allowed = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(Self.failure(Array(allowed.utf8)) == nil)
        #expect(Self.failure(Array("[\(allowed)]".utf8)) == "1:65: nested too deep; at most 64 levels are read")
    }

    @Test func `nesting by aliases`() {
        var text = "a0: &a0 []\n"
        for level in 1...64 {
            text += "a\(level): &a\(level) [*a\(level - 1)]\n"
        }
        #expect(Self.failure(Array(text.utf8)) == "64:12: nested too deep; at most 64 levels are read")
    }

    @Test func `a billion laughs`() {
        var text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
        for level in 1...9 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        #expect(
            Self.failure(Array(text.utf8))
                == "6:10: too many values, aliases included; at most 100000 are read"
        )
    }

    @Test func `one long text, many times`() {
        let text = "a: &a \(String(repeating: "x", count: 250_000))\nb: [\(String(repeating: "*a,", count: 1000))]\n"
        #expect(
            Self.failure(Array(text.utf8))
                == "2:50: too much text, aliases included; at most 4194304 bytes are read"
        )
    }

    @Test func `one text of more than 256 KiB`() {
        let text = "a: 1\nb: \(String(repeating: "x", count: (256 << 10) + 1))\n"
        #expect(Self.failure(Array(text.utf8)) == "2:4: a text of 262145 bytes; at most 262144 are read")
    }

    @Test func `too many values`() {
        let text = "[" + String(repeating: "a,", count: 200_000) + "]"
        #expect(
            Self.failure(Array(text.utf8))
                == "1:200000: too many values, aliases included; at most 100000 are read"
        )
    }

    @Test func `every cut of a file is an error or a value`() {
        let text = "version: 1\nname: 'a'\nenv: {A: \"b\\n\", C: [d, &e f, *e]}\np: |\n  x\n  y\nq: >-\n  é\n"
        let bytes = Array(text.utf8)
        for end in bytes.indices {
            _ = Self.failure(Array(bytes[..<end]))
            var damaged = bytes
            for byte in [0x00, 0x09, 0x22, 0x27, 0x2A, 0x3A, 0x5B, 0x7B, 0xFF] as [UInt8] {
                damaged[end] = byte
                _ = Self.failure(damaged)
            }
        }
    }
}
