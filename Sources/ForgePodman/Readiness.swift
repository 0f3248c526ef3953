// SPDX-License-Identifier: Apache-2.0

import ForgeModel

/// What probing one run of a container has shown.
struct Readiness: Hashable, Sendable {
    /// Answers that have to be missing in a row before a ready container counts as unready: one slow answer under load
    /// takes nothing out of service.
    static let tolerance = 3
    /// How long a container without healthcheck has to run before it counts as ready, in milliseconds: one that ends at
    /// once never served. After a crash it has to prove more.
    private static let settling = (first: 1_000, afterCrash: 10_000)

    /// Whether it answered at last, or did not answer fewer than `tolerance` times.
    private(set) var isReady = false
    /// Whether it was ever ready.
    private(set) var wasReady = false
    private(set) var failures = 0

    /// Notes an answer, or that none came.
    mutating func note(answered: Bool) {
        if answered {
            isReady = true
            wasReady = true
            failures = 0
        } else {
            failures += 1
            if failures >= Self.tolerance { isReady = false }
        }
    }

    /// Milliseconds until the next probe: often while somebody waits, seldom while all is well.
    func pause(runningFor milliseconds: Int) -> Int {
        if isReady && failures == 0 { return 5_000 }
        return !wasReady && milliseconds < 20_000 ? 250 : 1_000
    }

    /// Whether a container without healthcheck has run long enough.
    static func hasSettled(_ instance: Instance, at now: Moment) -> Bool {
        let needed = instance.restarts == 0 ? settling.first : settling.afterCrash
        return now.milliseconds(since: instance.started) >= needed
    }
}
