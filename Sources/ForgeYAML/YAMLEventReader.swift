// SPDX-License-Identifier: Apache-2.0

import CYAML

/// Owns one libyaml parser and the bytes that it reads; both are freed with this value.
struct YAMLEventReader: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>
    private let initialized: Bool

    /// - Parameter bytes: checked by `YAMLInput`. They are copied, because libyaml keeps a pointer to them.
    init(bytes: [UInt8]) {
        parser = .allocate(capacity: 1)
        input = .allocate(capacity: bytes.count)
        _ = input.initialize(fromContentsOf: bytes)
        initialized = yaml_parser_initialize(parser) == 1
        if initialized {
            yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
            yaml_parser_set_input_string(parser, input.baseAddress, input.count)
        }
    }

    deinit {
        if initialized {
            yaml_parser_delete(parser)
        }
        parser.deallocate()
        input.deallocate()
    }

    /// The next event; after `streamEnd` or an error it must not be asked again.
    mutating func next() throws(YAMLError) -> YAMLEvent {
        guard initialized else {
            throw YAMLError("not enough memory to read the file", at: YAMLMark(line: 1, column: 1))
        }
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw failure() }
        defer { yaml_event_delete(&event) }
        return YAMLEvent(kind: Self.kind(of: event), start: Self.mark(event.start_mark), end: Self.mark(event.end_mark))
    }

    private static func mark(_ mark: yaml_mark_t) -> YAMLMark {
        YAMLMark(line: mark.line + 1, column: mark.column + 1)
    }

    private static func kind(of event: yaml_event_t) -> YAMLEvent.Kind {
        switch event.type {
        case YAML_DOCUMENT_START_EVENT: return .documentStart
        case YAML_DOCUMENT_END_EVENT: return .documentEnd
        case YAML_ALIAS_EVENT: return .alias(text(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            let properties = YAMLEvent.Properties(anchor: text(scalar.anchor), tag: text(scalar.tag))
            return .scalar(String(decoding: bytes, as: UTF8.self), style(scalar.style), properties)
        case YAML_SEQUENCE_START_EVENT:
            let start = event.data.sequence_start
            return .sequenceStart(YAMLEvent.Properties(anchor: text(start.anchor), tag: text(start.tag)))
        case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
        case YAML_MAPPING_START_EVENT:
            let start = event.data.mapping_start
            return .mappingStart(YAMLEvent.Properties(anchor: text(start.anchor), tag: text(start.tag)))
        case YAML_MAPPING_END_EVENT: return .mappingEnd
        case YAML_STREAM_START_EVENT: return .streamStart
        default: return .streamEnd
        }
    }

    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { String(cString: $0) }
    }

    private static func style(_ style: yaml_scalar_style_t) -> YAMLScalar.Style {
        switch style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
        case YAML_LITERAL_SCALAR_STYLE: .literal
        case YAML_FOLDED_SCALAR_STYLE: .folded
        default: .plain
        }
    }
}

extension YAMLEventReader {
    /// The parser's own error, in this project's words where libyaml's need a specialist.
    private func failure() -> YAMLError {
        let mark = Self.mark(parser.pointee.problem_mark)
        guard parser.pointee.error != YAML_MEMORY_ERROR, let problem = parser.pointee.problem else {
            return YAMLError("not enough memory to read the file", at: mark)
        }
        let text = String(cString: problem)
        if byte(at: parser.pointee.problem_mark) == UInt8(ascii: "\t") || text.contains("tab character") {
            return YAMLError("a tab cannot indent; use spaces", at: mark)
        }
        if let plain = Self.plainWords[text] {
            return YAMLError(plain, at: mark)
        }
        guard let context = parser.pointee.context else { return YAMLError(text, at: mark) }
        return YAMLError("\(text) \(String(cString: context))", at: mark)
    }

    /// The byte at a mark. The mark's index counts characters, so this walks the line starts of the UTF-8 bytes.
    private func byte(at mark: yaml_mark_t) -> UInt8? {
        var characters = 0
        for byte in input where byte & 0xC0 != 0x80 {
            if characters == mark.index {
                return byte
            }
            characters += 1
        }
        return nil
    }

    private static let plainWords = [
        "mapping values are not allowed in this context":
            "a ':' is not allowed here; check the indentation, or put the text in quotes",
        "did not find expected key": "expected a key; check the indentation",
        "did not find expected '-' indicator": "expected '-' for the next item; check the indentation",
        "could not find expected ':'": "expected ':' after the key",
        "found character that cannot start any token": "this character cannot begin a value; put the text in quotes",
        "found unexpected end of stream": "the file ends inside a quoted text",
        "did not find expected ',' or ']'": "expected ',' or ']'",
        "did not find expected ',' or '}'": "expected ',' or '}'",
        "did not find expected node content": "expected a value",
        "did not find expected <document start>": "expected the end of the file; only one document is read",
        "found unknown escape character": "unknown escape; in double quotes write '\\\\' for a backslash",
        "found invalid Unicode character escape code": "this escape is no Unicode character",
        "block sequence entries are not allowed in this context":
            "a '-' item is not allowed here; start it on a new line",
        "found undefined tag handle": "this tag prefix is not defined",
    ]
}
