// SPDX-License-Identifier: Apache-2.0

package import ForgeModel

/// Tells the time; passed in, so that tests can hold it still.
package struct WallClock: Sendable {
    /// The moment now.
    package let now: @Sendable () -> Timestamp

    /// Reads the time by a closure.
    package init(now: @escaping @Sendable () -> Timestamp) { self.now = now }
}
