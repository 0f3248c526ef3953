// SPDX-License-Identifier: Apache-2.0

package import ForgeModel
import Synchronization

/// Hands every hint of a cluster to every listener: what `Cluster.changes()` needs, on any cluster.
package final class ChangeHub: Sendable {
    private struct State {
        var listeners: [Int: AsyncStream<AppName>.Continuation] = [:]
        var next = 0
        var isFinished = false
    }

    private let state = Mutex(State())

    /// A hub without listeners.
    package init() {}

    /// A new listener's hints, from now on. One that does not listen loses the oldest: the loop looks at everything now
    /// and then anyway.
    package func listen() -> AsyncStream<AppName> {
        let (stream, continuation) = AsyncStream.makeStream(of: AppName.self, bufferingPolicy: .bufferingNewest(4096))
        let number: Int? = state.withLock { state in
            guard !state.isFinished else { return nil }
            state.next += 1
            state.listeners[state.next] = continuation
            return state.next
        }
        guard let number else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in self?.remove(number) }
        return stream
    }

    /// Says that something of an app may have changed.
    package func hint(_ app: AppName) {
        for listener in state.withLock({ Array($0.listeners.values) }) { listener.yield(app) }
    }

    /// Ends every listener's stream.
    package func finish() {
        let listeners = state.withLock { state in
            state.isFinished = true
            defer { state.listeners = [:] }
            return Array(state.listeners.values)
        }
        for listener in listeners { listener.finish() }
    }

    private func remove(_ number: Int) {
        state.withLock { _ = $0.listeners.removeValue(forKey: number) }
    }
}
