// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A value that several tasks of a test look at.
package final class Shared<Value: Sendable>: Sendable {
    private let state: Mutex<Value>

    /// Starts with a value.
    package init(_ value: Value) { state = Mutex(value) }

    /// The value now.
    package var value: Value { state.withLock { $0 } }

    /// Changes it.
    package func update(_ change: @Sendable (inout Value) -> Void) { state.withLock { change(&$0) } }
}
