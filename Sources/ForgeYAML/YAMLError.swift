// SPDX-License-Identifier: Apache-2.0

/// A mistake in a YAML file, with the place where it was found.
package struct YAMLError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Lower-case, one sentence, names the remedy where there is one.
    package let message: String
    /// From 1.
    package let line: Int
    /// From 1, in Unicode scalars.
    package let column: Int
    /// The keys of the mappings around the place, outermost first, and its own if that is known.
    package let path: [String]

    package init(_ message: String, at mark: YAMLMark, path: [String] = []) {
        self.message = message
        self.path = path
        self.line = mark.line
        self.column = mark.column
    }

    /// The place.
    package var mark: YAMLMark { YAMLMark(line: line, column: column) }

    package var description: String { "\(line):\(column): \(message)" }
}
