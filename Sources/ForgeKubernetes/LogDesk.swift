// SPDX-License-Identifier: Apache-2.0

/// Runs what follows logs, beside the cluster's watches: every follower reads several pods at once, and ends with the
/// platform.
final class LogDesk: Sendable {
    private let requests: AsyncStream<LogFollower>
    private let continuation: AsyncStream<LogFollower>.Continuation

    init() { (requests, continuation) = AsyncStream.makeStream(of: LogFollower.self) }

    /// Has a follower run.
    func take(_ follower: LogFollower) {
        if case .terminated = continuation.yield(follower) { follower.finish() }
    }

    /// Runs followers until the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            for await follower in requests { group.addTask { await follower.run() } }
        }
    }

    /// Takes no more followers.
    func finish() { continuation.finish() }
}
