// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A gate that opens once: those who depend on a part wait here until its probe has succeeded.
package final class Readiness: Sendable {
    private enum State {
        case closed([Int: CheckedContinuation<Void, any Error>])
        case open
    }

    private let state = Mutex((next: 0, value: State.closed([:])))

    package init() {}

    /// Whether it is open.
    package var isOpen: Bool {
        state.withLock { state in
            if case .open = state.value { true } else { false }
        }
    }

    /// Opens it and lets everyone through.
    func open() {
        let waiting: [Int: CheckedContinuation<Void, any Error>] = state.withLock { state in
            guard case .closed(let waiting) = state.value else { return [:] }
            state.value = .open
            return waiting
        }
        for continuation in waiting.values { continuation.resume() }
    }

    /// Returns when it is open; throws `CancellationError` when the task is cancelled first.
    package func wait() async throws {
        let ticket = state.withLock { state in
            state.next += 1
            return state.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isOpen = state.withLock { state in
                    guard case .closed(var waiting) = state.value else { return true }
                    waiting[ticket] = continuation
                    state.value = .closed(waiting)
                    return false
                }
                if isOpen { continuation.resume() } else if Task.isCancelled { cancel(ticket) }
            }
        } onCancel: {
            cancel(ticket)
        }
    }

    private func cancel(_ ticket: Int) {
        let continuation: CheckedContinuation<Void, any Error>? = state.withLock { state in
            guard case .closed(var waiting) = state.value else { return nil }
            let continuation = waiting.removeValue(forKey: ticket)
            state.value = .closed(waiting)
            return continuation
        }
        continuation?.resume(throwing: CancellationError())
    }
}
