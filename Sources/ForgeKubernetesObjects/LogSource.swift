// SPDX-License-Identifier: Apache-2.0

/// Whose log tells more of a failure.
package struct LogSource: Hashable, Sendable {
    /// The pod's name.
    package let pod: String
    /// The container's name.
    package let container: String
    /// Whether the run before the present one is meant.
    package let isPrevious: Bool
}
