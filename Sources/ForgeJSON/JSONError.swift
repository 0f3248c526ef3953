// SPDX-License-Identifier: Apache-2.0

/// Why a text is no JSON that is read here.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong; never a piece of the text, which may hold secrets.
    package let message: String
    /// Where it is wrong, in bytes from the start of the text.
    package let offset: Int

    /// Describes a mistake.
    package init(_ message: String, at offset: Int) {
        self.message = message
        self.offset = offset
    }

    /// One line for a person.
    package var description: String { "byte \(offset): \(message)" }
}
