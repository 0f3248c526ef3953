// SPDX-License-Identifier: Apache-2.0

import ForgeYAML
import Testing

@Suite struct YAMLDocumentTests {
    private func parse(_ text: String, limits: YAMLLimits = YAMLLimits()) throws(YAMLError) -> YAMLDocument {
        try YAMLDocument(parsing: Array(text.utf8), limits: limits)
    }

    private func root(_ text: String) throws -> YAMLNode {
        try #require(try parse(text).root)
    }

    private func scalar(_ node: YAMLNode?) throws -> YAMLScalar {
        guard case .scalar(let scalar) = node else { throw WrongKind() }
        return scalar
    }

    private func mapping(_ node: YAMLNode?) throws -> YAMLMapping {
        guard case .mapping(let mapping) = node else { throw WrongKind() }
        return mapping
    }

    private struct WrongKind: Error {}

    @Test(arguments: ["1.10", "007", "no", "0x1F", "1_000", "~", "2001-01-01", "+1", ".5", "12:30:45"])
    func `a plain scalar keeps its source text`(text: String) throws {
        let value = try scalar(try mapping(try root("key: \(text)\n")).entry("key")?.value)
        #expect(value.text == text)
        #expect(value.style == .plain)
    }

    @Test(arguments: [
        ("'it''s'", "it's", YAMLScalar.Style.singleQuoted), (#""a\tb\u00e9""#, "a\tb\u{e9}", .doubleQuoted),
        ("|\n  a\n  b", "a\nb\n", .literal), (">-\n  a\n  b", "a b", .folded), (#""\0""#, "\0", .doubleQuoted),
    ])
    func `quotes and blocks are undone`(source: String, text: String, style: YAMLScalar.Style) throws {
        let value = try scalar(try mapping(try root("key: \(source)\n")).entry("key")?.value)
        #expect(value.text == text)
        #expect(value.style == style)
    }

    @Test func `keys stay in the order of the file, with marks`() throws {
        let mapping = try mapping(try root("zebra: 1\napple:\n  - é: x\n    mango: y\n"))
        #expect(mapping.entries.map(\.key.text) == ["zebra", "apple"])
        #expect(mapping.start == YAMLMark(line: 1, column: 1))
        guard case .sequence(let sequence) = mapping.entries[1].value else { throw WrongKind() }
        let inner = try self.mapping(sequence.items.first)
        #expect(inner.entries[0].key.start == YAMLMark(line: 3, column: 5))
        #expect(inner.entries[0].value.start == YAMLMark(line: 3, column: 8))
        #expect(inner.entries[0].value.end == YAMLMark(line: 3, column: 9))
        #expect(inner.entries[1].key.start == YAMLMark(line: 4, column: 5))
    }

    @Test func `a column counts characters, not bytes`() throws {
        let mapping = try mapping(try root("{ é€😀: 1, b: 2 }"))
        #expect(mapping.entries[1].key.start == YAMLMark(line: 1, column: 11))
    }

    @Test(arguments: ["a: 1\r\nb: 2\r\n", "a: 1\rb: 2\r", "a: 1\nb: 2"])
    func `every line ending counts once`(text: String) throws {
        #expect(try mapping(try root(text)).entry("b")?.key.start == YAMLMark(line: 2, column: 1))
    }

    @Test(arguments: ["", "\n\n", "# nothing\n", "   ", "---\n...\n"])
    func `an empty file has no value`(text: String) throws {
        let document = try parse(text)
        if let root = document.root {
            #expect(try scalar(root).isNull)
        }
        #expect(document.mistakes.isEmpty)
    }

    @Test(arguments: [("", true), ("~", true), ("null", true), ("NULL", true), ("'null'", false), ("nil", false)])
    func `null is only a plain word`(text: String, isNull: Bool) throws {
        #expect(try scalar(try mapping(try root("key: \(text)\n")).entry("key")?.value).isNull == isNull)
    }

    @Test func `an alias stands for its anchor, at the place of the anchor`() throws {
        let mapping = try mapping(try root("a: &x { k: v }\nb: *x\n"))
        #expect(mapping.entry("a")?.value == mapping.entry("b")?.value)
        #expect(mapping.entry("b")?.value.start.line == 1)
    }

    @Test func `a tag is kept`() throws {
        let mapping = try mapping(try root("a: !!str 1\nb: !own x\nc: !!map {}\nd: !!seq []\n"))
        #expect(
            mapping.entries.map(\.value.tag) == [
                "tag:yaml.org,2002:str", "!own", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq",
            ]
        )
    }

    @Test(arguments: [
        ("a: 1\nb: 2\na: 3\n", ["3:1: duplicate key 'a', first used in line 1"]),
        (
            "a: {x: 1, x: 2}\nb: {x: 1, \"x\": 2}\n",
            ["1:11: duplicate key 'x', first used in line 1", "2:11: duplicate key 'x', first used in line 2"]
        ),
        ("a: 1\n---\nb: 2\n", ["2:1: a second document begins here; only one is allowed in a file"]),
        (
            "a: &b {c: 1}\nd:\n  <<: *b\n",
            ["3:3: merge keys ('<<') are not supported; repeat the keys, or alias a whole value"]
        ),
        ("? [a, b]\n: 1\n", ["1:3: a list or mapping cannot be a key"]),
        ("!!str a: 1\n", ["1:1: a key cannot have a tag"]),
    ])
    func `some mistakes leave the rest readable`(text: String, mistakes: [String]) throws {
        let document = try parse(text)
        #expect(document.mistakes.map(\.description) == mistakes)
        #expect(document.root != nil)
    }

    @Test func `a quoted '<<' is an ordinary key`() throws {
        let document = try parse("'<<': 1\n")
        #expect(document.mistakes.isEmpty)
        #expect(try mapping(document.root).entry("<<") != nil)
    }

    @Test func `mistakes are bounded`() throws {
        let text = String(repeating: "a: 1\n", count: 500)
        let error = YAMLError(
            "duplicate key 'a', first used in line 1",
            at: YAMLMark(line: 102, column: 1),
            path: ["a"]
        )
        #expect(throws: error) {
            try parse(text)
        }
    }

    @Test func `text in a message cannot steer a terminal and stays short`() {
        #expect(YAMLError.quote("a\u{1B}[31mb\u{202E}c\n") == "'a?[31mb?c?'")
        #expect(YAMLError.quote(String(repeating: "x", count: 65)) == "'" + String(repeating: "x", count: 64) + "…'")
    }
}
