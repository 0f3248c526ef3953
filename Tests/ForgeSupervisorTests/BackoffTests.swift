// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ForgeSupervisor

@Suite struct BackoffTests {
    @Test func `waits double up to ten seconds`() {
        var backoff = Backoff()
        let waits = (0..<8).map { _ in backoff.next(after: .zero) }
        let milliseconds = [200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]
        #expect(waits == milliseconds.map { .milliseconds($0) })
    }

    @Test func `a part that was well for thirty seconds starts over`() {
        var backoff = Backoff()
        for _ in 0..<5 { _ = backoff.next(after: .seconds(29)) }
        #expect(backoff.next(after: .seconds(30)) == .milliseconds(200))
    }
}
