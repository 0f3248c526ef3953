// SPDX-License-Identifier: Apache-2.0

/// The rule for names of environment variables (specs/forge-yaml.md §3.4).
package enum VariableName {
    /// Whether a text is `[A-Za-z_][A-Za-z0-9_]*` of at most 128 bytes.
    package static func isValid(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(48...57).contains(first), text.utf8.count <= 128 else { return false }
        return text.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || byte == UInt8(ascii: "_")
        }
    }
}
