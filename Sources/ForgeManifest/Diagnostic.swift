// SPDX-License-Identifier: Apache-2.0

/// One mistake, or one thing to know, about a file that the user wrote (specs/forge-yaml.md §6).
package struct Diagnostic: Hashable, Sendable, Codable {
    /// Whether the file can be used in spite of it.
    package enum Severity: String, Hashable, Sendable, Codable {
        case error, warning
    }

    /// Whether there can be a manifest in spite of it.
    package var severity: Severity
    /// The file as the user would name it: `forge.yaml`, `web/Procfile`.
    package let file: String
    /// From 1.
    package let line: Int
    /// From 1, in Unicode scalars; nil if the whole line is meant.
    package let column: Int?
    /// The key that is meant, such as `processes.web.instances`; nil if the file is meant.
    package let path: String?
    /// What is wrong: lower-case, one line, without values of variables.
    package let message: String
    /// What to do about it, if that is known.
    package let hint: String?

    /// Describes a mistake.
    package init(
        _ severity: Severity,
        file: String,
        line: Int,
        column: Int? = nil,
        path: String? = nil,
        message: String,
        hint: String? = nil
    ) {
        self.severity = severity
        self.file = file
        self.line = line
        self.column = column
        self.path = path
        self.message = message
        self.hint = hint
    }
}

extension Diagnostic: Comparable {
    /// Orders by file (letter case ignored, so that forge.yaml comes before Procfile), line, column, then text.
    package static func < (left: Diagnostic, right: Diagnostic) -> Bool {
        left.sortKey < right.sortKey
    }

    private var sortKey: (String, String, Int, Int, String, String) {
        (file.lowercased(), file, line, column ?? 0, message, path ?? "")
    }
}

extension Diagnostic: CustomStringConvertible {
    /// `forge.yaml:12:5: error: unknown key 'instance' in processes.web; did you mean 'instances'?`
    package var description: String {
        let place = column.map { "\(file):\(line):\($0)" } ?? "\(file):\(line)"
        return "\(place): \(severity.rawValue): \(message)\(hint.map { "; \($0)" } ?? "")"
    }
}
