// SPDX-License-Identifier: Apache-2.0

/// How long to wait before something that ended is started again: 0.2 s, then twice as long each time up to 10 s, and
/// from 0.2 s again once it has been well for 30 s.
struct Backoff: Hashable, Sendable {
    static let first = Duration.milliseconds(200)
    static let longest = Duration.seconds(10)
    static let healthy = Duration.seconds(30)

    private var wait = Self.first

    init() {}

    /// The wait after a run that lasted `duration`.
    mutating func next(after duration: Duration) -> Duration {
        if duration >= Self.healthy { wait = Self.first }
        defer { wait = min(wait * 2, Self.longest) }
        return wait
    }
}
