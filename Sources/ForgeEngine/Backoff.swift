// SPDX-License-Identifier: Apache-2.0

import ForgeModel

/// How long to wait before the next try of something that failed in a passing way.
enum Backoff {
    /// Doubles from 200 ms and stays at 15 s.
    ///
    /// - Parameter attempt: how many tries have failed, from 1.
    static func delay(attempt: Int) -> TimeSpan {
        let milliseconds = 200 << min(max(attempt, 1) - 1, 7)
        return (try? TimeSpan("\(min(milliseconds, 15_000))ms")) ?? TimeSpan(seconds: 15)
    }
}
