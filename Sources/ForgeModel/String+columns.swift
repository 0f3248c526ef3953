// SPDX-License-Identifier: Apache-2.0

/// Laying text out in columns, by characters.
extension String {
    /// The text with spaces behind it, at least so wide.
    package func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

    /// The text with spaces before it, at least so wide.
    package func aligned(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
