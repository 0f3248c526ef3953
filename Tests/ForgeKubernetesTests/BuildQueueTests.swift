// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgeTesting
import Testing

@testable import ForgeKubernetes

/// Who builds when, and who hears what place is theirs.
@Suite struct BuildQueueTests {
    private let now = ContinuousClock.now

    private func ticket(_ number: Int) -> BuildQueue.Ticket { BuildQueue.Ticket(app: Sample.app, task: "b\(number)") }

    @Test func `builds start while there is room, and then wait in the order in which they came`() {
        var queue = BuildQueue()
        #expect(queue.ask(ticket(1), running: [], limit: 2, at: now) == nil)
        #expect(queue.ask(ticket(2), running: [ticket(1)], limit: 2, at: now) == nil)
        queue.end(ticket(1))
        queue.end(ticket(2))
        let running: Set = [ticket(1), ticket(2)]
        #expect(queue.ask(ticket(3), running: running, limit: 2, at: now) == 1)
        #expect(queue.ask(ticket(4), running: running, limit: 2, at: now) == 2)
        #expect(queue.ask(ticket(3), running: running, limit: 2, at: now) == 1)
        #expect(queue.ask(ticket(4), running: [ticket(1)], limit: 2, at: now) == 1)
        #expect(queue.ask(ticket(3), running: [ticket(1)], limit: 2, at: now) == nil)
        #expect(queue.ask(ticket(4), running: [ticket(1)], limit: 2, at: now) == 1)
    }

    @Test func `a build that is about to start takes its place already`() {
        var queue = BuildQueue()
        #expect(queue.ask(ticket(1), running: [], limit: 1, at: now) == nil)
        #expect(queue.ask(ticket(2), running: [], limit: 1, at: now) == 1)
        queue.end(ticket(1))
        #expect(queue.ask(ticket(2), running: [], limit: 1, at: now) == nil)
    }

    @Test func `a build that nobody asks for any more makes room`() {
        var queue = BuildQueue()
        let running: Set = [ticket(1)]
        #expect(queue.ask(ticket(2), running: running, limit: 1, at: now) == 1)
        #expect(queue.ask(ticket(3), running: running, limit: 1, at: now + .seconds(20)) == 2)
        #expect(queue.ask(ticket(3), running: running, limit: 1, at: now + .seconds(31)) == 1)
        queue.forget(ticket(3))
        #expect(queue.ask(ticket(4), running: running, limit: 1, at: now + .seconds(31)) == 1)
    }
}
