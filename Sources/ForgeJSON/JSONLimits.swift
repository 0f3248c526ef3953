// SPDX-License-Identifier: Apache-2.0

/// How much of a JSON text is read before it is refused: the texts come from other machines.
package struct JSONLimits: Sendable, Hashable {
    /// Bytes of the text.
    package var bytes: Int
    /// Arrays and objects inside each other.
    package var depth: Int

    /// Limits that any single object of an API server stays far below.
    package init(bytes: Int = 16 << 20, depth: Int = 64) {
        self.bytes = bytes
        self.depth = depth
    }
}
