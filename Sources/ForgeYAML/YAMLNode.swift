// SPDX-License-Identifier: Apache-2.0

/// A YAML value with the place it was written at; nothing is converted, so `1.10`, `007` and `no` stay as they are.
package indirect enum YAMLNode: Sendable, Hashable {
    case scalar(YAMLScalar)
    case sequence(YAMLSequence)
    case mapping(YAMLMapping)

    /// Where the value begins. The value of an alias keeps the place of its anchor.
    package var start: YAMLMark {
        switch self {
        case .scalar(let scalar): scalar.start
        case .sequence(let sequence): sequence.start
        case .mapping(let mapping): mapping.start
        }
    }

    /// The place after the value's last character.
    package var end: YAMLMark {
        switch self {
        case .scalar(let scalar): scalar.end
        case .sequence(let sequence): sequence.end
        case .mapping(let mapping): mapping.end
        }
    }

    /// The tag as written and resolved by `%TAG`, or nil if there is none.
    package var tag: String? {
        switch self {
        case .scalar(let scalar): scalar.tag
        case .sequence(let sequence): sequence.tag
        case .mapping(let mapping): mapping.tag
        }
    }
}

/// Text, a number, a truth value or null: the difference is for the reader of the text to make.
package struct YAMLScalar: Sendable, Hashable {
    /// How the scalar is written.
    package enum Style: Sendable, Hashable {
        case plain, singleQuoted, doubleQuoted, literal, folded
    }

    /// The source text without quotes, escapes and indentation.
    package let text: String
    package let style: Style
    package let tag: String?
    package let start: YAMLMark
    package let end: YAMLMark

    /// Whether YAML's core schema reads this as "no value" (YAML 1.2.2 §10.3.2).
    package var isNull: Bool {
        style == .plain && ["", "~", "null", "Null", "NULL"].contains(text)
    }
}

/// A list.
package struct YAMLSequence: Sendable, Hashable {
    package let items: [YAMLNode]
    package let tag: String?
    package let start: YAMLMark
    package let end: YAMLMark
}

/// Keys with values, in the order of the file, each key once.
package struct YAMLMapping: Sendable, Hashable {
    /// One key with its value.
    package struct Entry: Sendable, Hashable {
        package let key: YAMLScalar
        package let value: YAMLNode
    }

    package let entries: [Entry]
    package let tag: String?
    package let start: YAMLMark
    package let end: YAMLMark

    /// The entry of `key`, or nil.
    package func entry(_ key: String) -> Entry? {
        entries.first { $0.key.text == key }
    }
}
