// SPDX-License-Identifier: Apache-2.0

/// A condition that did not come true in time.
package struct NotInTime: Error, CustomStringConvertible {
    /// What was waited for, and for how long.
    package let description: String
}

/// Looks until a condition is true, and throws `NotInTime` when it stays false.
///
/// The one place where tests wait for what another process or task does. Nothing is concluded from how long it took: the
/// deadline only ends a run that hangs.
///
/// - Parameters:
///   - what: the condition, as it follows "not within 60 s:".
///   - pause: between two looks.
package func eventually(
    _ what: String,
    within seconds: Int = 60,
    every pause: Duration = .milliseconds(20),
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while !(try await condition()) {
        guard ContinuousClock.now < deadline else { throw NotInTime(description: "not within \(seconds) s: \(what)") }
        try await Task.sleep(for: pause)
    }
}
