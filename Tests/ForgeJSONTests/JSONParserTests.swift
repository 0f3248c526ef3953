// SPDX-License-Identifier: Apache-2.0

import ForgeJSON
import Testing

@Suite struct JSONParserTests {
    private func parsed(_ text: String) throws(JSONError) -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

    private static let values: [(String, JSONValue)] = [
        ("null", JSONValue.null), (" true ", true), ("false", false), ("0", 0), ("-1", -1),
        ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
        ("9223372036854775808", .number("9223372036854775808")), ("1.50", .number("1.50")), ("1e3", .number("1e3")),
        ("-0.0E-2", .number("-0.0E-2")), ("\"\"", ""), ("\"a\\u00e4\\n\\/\\\\\\\"\"", "a\u{e4}\n/\\\""),
        ("\"\\ud83d\\ude00\u{1F600}\"", "\u{1F600}\u{1F600}"), ("\"\\u0000\"", "\u{0}"), ("[]", []), ("{}", [:]),
        ("\t\r\n [ 1 , [ ] , { } ] ", [1, [], [:]]), ("{ \"a\" : 1 , \"b\" : [ null ] }", ["a": 1, "b": [.null]]),
        ("{\"a\":1,\"a\":2}", ["a": 2]),
    ]

    @Test(arguments: values)
    func `values are read`(text: String, value: JSONValue) throws {
        #expect(try parsed(text) == value)
    }

    @Test(arguments: [
        ("", 0), ("  ", 2), ("nul", 3), ("nulL", 3), ("True", 0), ("01", 1), ("-", 1), ("+1", 0), ("1.", 2), (".5", 0),
        ("1e", 2), ("1e+", 3), ("NaN", 0), ("'a'", 0), ("\"a", 2), ("\"\t\"", 1), ("\"\\x\"", 2), ("\"\\u12\"", 5),
        ("\"\\ud83d\"", 3), ("\"\\ud83dx\"", 3), ("\"\\ud83d\\n\"", 3), ("\"\\ude00\"", 3), ("\"\\ud83d\\u0041\"", 3),
        ("[1,]", 3), ("[1 2]", 3), ("[", 1), ("[1", 2), ("]", 0), ("{", 1), ("{a:1}", 1), ("{\"a\"}", 4),
        ("{\"a\" 1}", 5), ("{\"a\":}", 5), ("{\"a\":1,}", 7), ("{\"a\":1", 6), ("1 2", 2), ("[] x", 3), ("/* */1", 0),
        ("\u{FEFF}1", 0),
    ])
    func `a text that is no JSON is refused where it goes wrong`(text: String, offset: Int) {
        let error = #expect(throws: JSONError.self) { _ = try parsed(text) }
        #expect(error?.offset == offset, "\(text)")
    }

    @Test(arguments: [[0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82]])
    func `bytes that are no UTF-8 are refused`(bytes: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        #expect(throws: JSONError.self) { _ = try JSONValue(parsing: [quote] + bytes + [quote]) }
        #expect(throws: JSONError.self) { _ = try JSONValue(parsing: bytes) }
    }

    @Test func `values may be as deep as the limit and no deeper`() throws {
        let open = String(repeating: "[", count: 64)
        let close = String(repeating: "]", count: 64)
        _ = try parsed(open + close)
        #expect(throws: JSONError.self) { _ = try parsed("[" + open + close + "]") }
        #expect(throws: JSONError.self) { _ = try parsed(String(repeating: "{\"a\":", count: 1_000_000)) }
    }

    @Test func `a text that is too long is refused unread`() throws {
        let limits = JSONLimits(bytes: 4)
        _ = try JSONValue(parsing: Array("1234".utf8), limits: limits)
        #expect(throws: JSONError.self) { _ = try JSONValue(parsing: Array("12345".utf8), limits: limits) }
    }

    @Test func `any cut of a document is refused, and no change of a byte crashes`() throws {
        let document = Array("{\"a\":[1,-2.5e3,true,null,{\"b\":\"\\u00e4\\ud83d\\ude00\u{e4}\"}],\"c\":\"\"}".utf8)
        _ = try JSONValue(parsing: document)
        for count in 0..<document.count {
            #expect(throws: JSONError.self) { _ = try JSONValue(parsing: Array(document[..<count])) }
            for byte in UInt8.min...UInt8.max {
                var changed = document
                changed[count] = byte
                _ = try? JSONValue(parsing: changed)
            }
        }
    }

    @Test(arguments: [
        (
            "{ \"b\": 1, \"a\": [ 1.50, true, null ], \"\u{e4}\": \"/\" }",
            "{\"a\":[1.50,true,null],\"b\":1,\"\u{e4}\":\"/\"}"
        ),
        ("{\"\u{FF5E}\":1,\"\u{1F600}\":2}", "{\"\u{FF5E}\":1,\"\u{1F600}\":2}"),
        ("\"\\u0001\\u001f\\b\\t\\n\\f\\r\\\"\\\\\\/\u{7F}\"", "\"\\u0001\\u001f\\b\\t\\n\\f\\r\\\"\\\\/\u{7F}\""),
    ])
    func `the canonical text has sorted keys and the shortest strings`(text: String, canonical: String) throws {
        let value = try parsed(text)
        #expect(String(decoding: value.bytes(), as: UTF8.self) == canonical)
        #expect(try JSONValue(parsing: value.bytes()) == value)
    }
}
