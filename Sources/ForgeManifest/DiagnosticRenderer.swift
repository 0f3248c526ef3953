// SPDX-License-Identifier: Apache-2.0

import ForgeYAML

/// Prints diagnostics as compilers do: the place and the message, the line, a caret (specs/forge-yaml.md §6).
package struct DiagnosticRenderer {
    private let lines: [String: [Substring]]
    private static let width = 100

    /// - Parameter sources: the text of each file that diagnostics may name; without it only messages are printed.
    package init(sources: [String: String]) {
        lines = sources.mapValues { text in
            text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
        }
    }

    /// All diagnostics in order, each ended by a newline.
    package func text(_ diagnostics: [Diagnostic]) -> String {
        diagnostics.sorted().map { diagnostic in
            "\(diagnostic)\n\(excerpt(diagnostic))"
        }.joined()
    }

    /// `2 errors`, `1 error, 3 warnings`, or nothing.
    package static func summary(_ diagnostics: [Diagnostic]) -> String {
        let errors = diagnostics.count { $0.severity == .error }
        return [("error", errors), ("warning", diagnostics.count - errors)]
            .filter { $0.1 > 0 }
            .map { "\($0.1) \($0.0)\($0.1 == 1 ? "" : "s")" }
            .joined(separator: ", ")
    }

    private func excerpt(_ diagnostic: Diagnostic) -> String {
        guard let lines = lines[diagnostic.file], lines.indices.contains(diagnostic.line - 1) else { return "" }
        let line = lines[diagnostic.line - 1]
        guard !line.allSatisfy(\.isWhitespace) else { return "" }
        let scalars = Array(visible(line, in: diagnostic).unicodeScalars)
        let column = min(max(diagnostic.column ?? 1, 1), scalars.count + 1)
        // A line longer than the window is shown around the column.
        let start = column > Self.width ? column - Self.width / 2 : 0
        let shown = scalars.dropFirst(start).prefix(Self.width)
        let number = String(diagnostic.line)
        let padding = String(repeating: " ", count: max(0, 5 - number.count))
        let text = "\(padding)\(number) | \(Self.string(shown))\n"
        guard diagnostic.column != nil else { return text }
        let margin = String(repeating: " ", count: padding.count + number.count)
        let before = Self.string(scalars.dropFirst(start).prefix(column - 1 - start))
        let indent = String(before.map { $0 == "\t" ? $0 : " " })
        return text + "\(margin) | \(indent)^\n"
    }

    /// The line as it may be shown: no value of a variable, nothing that steers a terminal.
    private func visible(_ line: Substring, in diagnostic: Diagnostic) -> String {
        var text = line
        var end = ""
        if diagnostic.concernsVariable {
            // What stands before a colon may also be a part of a value that began in a line above.
            let key = line.prefix { $0 != ":" }
            let isKey = key.endIndex < line.endIndex && diagnostic.isInPath(key)
            text = isKey ? key : line.prefix(while: \.isWhitespace)
            end = isKey ? ": …" : "…"
        }
        let scalars = text.unicodeScalars.map { scalar -> Unicode.Scalar in
            scalar == "\t" || !YAMLError.steersTerminal(scalar) ? scalar : "?"
        }
        return Self.string(scalars) + end
    }

    private static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        String(String.UnicodeScalarView(scalars))
    }
}

extension Diagnostic {
    /// Whether its line holds a variable's value, which may be a secret.
    fileprivate var concernsVariable: Bool {
        guard let path else { return false }
        return ["env", "build.env"].contains { path == $0 || path.hasPrefix($0 + ".") }
    }

    /// Whether a text of the source is a key that the path names too.
    fileprivate func isInPath(_ text: Substring) -> Bool {
        ".\(path ?? "").".contains(".\(text.filter { !" \t{\"'".contains($0) }).")
    }
}
