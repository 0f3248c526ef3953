// SPDX-License-Identifier: Apache-2.0

/// One YAML file, read once:
/// 1. `YAMLInput` checks bytes: size, encoding, characters.
/// 2. `YAMLEventReader` turns them into libyaml's events.
/// 3. `YAMLComposer` makes nodes of the events, expands aliases and counts.
package struct YAMLDocument: Sendable, Hashable {
    /// The value, or nil for a file of nothing but blanks and comments.
    package let root: YAMLNode?
    /// Mistakes that did not stop the reading (a duplicate key, a merge key, a second document), in file order.
    package let mistakes: [YAMLError]

    /// Reads a whole file.
    ///
    /// - Throws: `YAMLError` for what leaves no value to look at: a syntax error, a wrong encoding, a limit passed.
    package init(parsing bytes: [UInt8], limits: YAMLLimits = YAMLLimits()) throws(YAMLError) {
        try YAMLInput(bytes: bytes).check(limits: limits)
        var composer = YAMLComposer(reading: YAMLEventReader(bytes: bytes), limits: limits)
        root = try composer.composeDocument()
        mistakes = composer.mistakes
    }
}
