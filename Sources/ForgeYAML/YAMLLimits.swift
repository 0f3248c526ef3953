// SPDX-License-Identifier: Apache-2.0

/// How much of a YAML file is read before it is refused (specs/forge-yaml.md §2.3).
///
/// Aliases count for everything that they stand for, so that a short file cannot describe a huge value.
package struct YAMLLimits: Sendable, Hashable {
    /// Bytes of the file.
    package var inputBytes = 1 << 20
    /// Collections inside each other.
    package var depth = 64
    /// Scalars, sequences and mappings, keys included, aliases expanded.
    package var nodes = 100_000
    /// Bytes of one scalar.
    package var scalarBytes = 256 << 10
    /// Bytes of all scalars together, aliases expanded.
    package var textBytes = 4 << 20
    /// Mistakes that are collected before reading stops.
    package var mistakes = 100

    package init() {}
}
