// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import Synchronization

/// Keeps the router's table equal to what the fleet says.
///
/// The table is computed inside the lock, from the newest state, so that an older one can never be published last.
final class EndpointPublisher: Sendable {
    /// After that long everything is published again, changed or not: a router that lost its table gets it back.
    private static let repetition = 30_000

    private struct State {
        var published: [String: [Endpoint]] = [:]
        var complete: Moment?
        var isRefused = false
    }

    private let fleet: Fleet
    private let sink: any EndpointSink
    private let lock = AsyncLock()
    private let state = Mutex(State())

    init(fleet: Fleet, sink: any EndpointSink) {
        self.fleet = fleet
        self.sink = sink
    }

    /// Publishes what differs from what was published; nothing before the fleet has been looked at once.
    func publish(at now: Moment = .now) async throws {
        try await lock.locked {
            guard let table = fleet.endpoints(at: now) else { return }
            let (differences, isComplete) = state.withLock { state in
                let isDue = state.complete.map { now.milliseconds(since: $0) >= Self.repetition } ?? true
                var differences = isDue ? table : table.filter { state.published[$0.key] != $0.value }
                for service in state.published.keys where table[service] == nil { differences[service] = [] }
                return (differences, isDue)
            }
            guard !differences.isEmpty else { return }
            try await sink.publish(differences)
            state.withLock { state in
                state.published = table
                if isComplete { state.complete = now }
            }
        }
    }

    /// Notes whether the router refused the last time; returns whether that is new.
    func note(isRefused: Bool) -> Bool {
        state.withLock { state in
            defer { state.isRefused = isRefused }
            return state.isRefused != isRefused
        }
    }

    /// Publishes one service from what is known now, in a rollout that has to know that the router took it.
    func publish(service: String, _ endpoints: @Sendable () -> [Endpoint]) async throws {
        try await lock.locked {
            let endpoints = endpoints()
            guard state.withLock({ $0.published[service] }) != endpoints else { return }
            try await sink.publish([service: endpoints])
            state.withLock { $0.published[service] = endpoints }
        }
    }
}
