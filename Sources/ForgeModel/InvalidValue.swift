// SPDX-License-Identifier: Apache-2.0

/// Why a text or number from outside is not a value of the model: what it was for, what it was, and what would do.
package struct InvalidValue: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of value, as a user would name it: `app name`, `digest`.
    package let kind: String
    /// The offending text, cut to a length that fits a message.
    package let text: String
    /// The rule that it breaks, as the second half of a sentence.
    package let rule: String

    /// Describes a refused value.
    package init(kind: String, text: String, rule: String) {
        self.kind = kind
        self.text = text.count > 80 ? String(text.prefix(80)) + "…" : text
        self.rule = rule
    }

    /// One line for a person: `'Shop' is not an app name: use lower-case letters …`.
    package var description: String { "'\(text)' is not \(article) \(kind): \(rule)" }

    private var article: String { "aeiou".contains(kind.first ?? "x") ? "an" : "a" }
}
