// SPDX-License-Identifier: Apache-2.0

extension Duration {
    /// Whole milliseconds, rounded up so that a deadline is not polled before it has come.
    func clampedMilliseconds(to range: ClosedRange<Int>) -> Int {
        let (seconds, attoseconds) = components
        guard seconds < Int64(range.upperBound) else { return range.upperBound }
        guard seconds >= 0, attoseconds >= 0 else { return range.lowerBound }
        let milliseconds = Int(seconds) * 1000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
        return min(max(milliseconds, range.lowerBound), range.upperBound)
    }
}
