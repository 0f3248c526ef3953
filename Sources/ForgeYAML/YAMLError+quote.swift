// SPDX-License-Identifier: Apache-2.0

extension YAMLError {
    /// Text from a file in single quotes, as it may stand in a message.
    package static func quote(_ text: String) -> String {
        "'" + shown(text) + "'"
    }

    /// Text from a file as it may stand in a message: at most 64 characters, and those that could steer a terminal
    /// as `?`.
    package static func shown(_ text: String) -> String {
        var shown = ""
        for character in text.prefix(64) {
            shown.append(character.unicodeScalars.contains(where: steersTerminal) ? "?" : character)
        }
        return shown + (text.count > 64 ? "…" : "")
    }

    /// Whether a terminal could take the character for a command, or for no character at all.
    package static func steersTerminal(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: true
        default: false
        }
    }
}
