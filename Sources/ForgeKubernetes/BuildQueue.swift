// SPDX-License-Identifier: Apache-2.0

import ForgeModel

/// Lets only so many builds run at once, in the order in which they were first asked for.
///
/// It is in memory: after a restart the builds that wait ask again, in whatever order they are looked at. Which builds
/// run is read from the cluster.
struct BuildQueue: Sendable {
    /// A build that wants to run.
    struct Ticket: Hashable, Sendable {
        /// The app.
        let app: AppName
        /// The task's name.
        let task: String
    }

    /// A build that is not asked for again for so long is not wanted any more.
    private static let patience = Duration.seconds(30)

    private var waiting: [(ticket: Ticket, asked: ContinuousClock.Instant)] = []
    /// May run, and cannot be seen to yet.
    private var starting: Set<Ticket> = []

    /// Asks for a build to run.
    /// - Parameters:
    ///   - running: the builds that can be seen to run.
    ///   - limit: how many may.
    /// - Returns: how many builds have to end before it may; nil when it may now. `end` has to follow then.
    mutating func ask(
        _ ticket: Ticket,
        running: Set<Ticket>,
        limit: Int,
        at now: ContinuousClock.Instant
    ) -> Int? {
        waiting.removeAll { now - $0.asked > Self.patience && $0.ticket != ticket }
        let place: Int
        if let index = waiting.firstIndex(where: { $0.ticket == ticket }) {
            place = index
            waiting[index].asked = now
        } else {
            place = waiting.count
            waiting.append((ticket, now))
        }
        let ahead = place + running.union(starting).subtracting([ticket]).count - limit + 1
        guard ahead <= 0 else { return ahead }
        waiting.remove(at: place)
        starting.insert(ticket)
        return nil
    }

    /// Says that a build that might run can be seen now, or did not start.
    mutating func end(_ ticket: Ticket) { starting.remove(ticket) }

    /// Takes a build out that is not wanted any more.
    mutating func forget(_ ticket: Ticket) { waiting.removeAll { $0.ticket == ticket } }
}
