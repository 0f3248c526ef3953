// SPDX-License-Identifier: Apache-2.0

/// How long to wait before a kind is listed again, so that a server that struggles is not asked by everyone at once.
struct RelistBackoff: Sendable {
    /// The first pause, and what the pause is doubled up to, in milliseconds.
    private static let range = 800...30_000
    /// A watch that has held for that long starts over with the first pause.
    private static let healthy = Duration.seconds(120)

    private var next = range.lowerBound

    /// The next pause in milliseconds, of which up to a half is left to chance.
    /// - Parameters:
    ///   - held: how long the last watch held.
    ///   - chance: from 0 to 1.
    mutating func pause(after held: Duration, chance: Double) -> Int {
        if held >= Self.healthy { next = Self.range.lowerBound }
        let pause = next
        next = min(next * 2, Self.range.upperBound)
        return pause / 2 + Int(Double(pause / 2) * min(max(chance, 0), 1))
    }
}
