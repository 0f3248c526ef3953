// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import Synchronization

/// Fans one subscription out to everyone in the process who waits for something to happen (specs/storage.md §5, §6).
///
/// What it hands out are hints. It rings at every moment at which one may have been lost, so that a listener which
/// looks after each ring, and once at its start, misses nothing.
final class Listeners: Sendable {
    /// What a listener waits for.
    enum Subject: Hashable, Sendable {
        /// Some app may have become due.
        case ready
        /// An app may have new events.
        case events(app: String)
    }

    private struct State {
        var nextID = 0
        var listeners: [Int: (subject: Subject, bell: AsyncStream<Void>.Continuation)] = [:]
        var loop: Task<Void, Never>?
        var isOver = false
    }

    private let settings: RedisSettings
    private let state = Mutex(State())

    /// Listens from the first listener on.
    init(_ settings: RedisSettings) { self.settings = settings }

    /// Rings for a subject; rings that nobody took yet are one ring.
    func listen(to subject: Subject) -> AsyncStream<Void> {
        let (stream, bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let id = state.withLock { state -> Int? in
            guard !state.isOver else { return nil }
            state.nextID += 1
            state.listeners[state.nextID] = (subject, bell)
            if state.loop == nil { state.loop = Task { await self.run() } }
            return state.nextID
        }
        guard let id else {
            bell.finish()
            return stream
        }
        bell.onTermination = { [weak self] _ in
            // The listener is dropped outside the lock: its end may run code that takes it.
            _ = self?.state.withLock { $0.listeners.removeValue(forKey: id) }
        }
        return stream
    }

    /// Ends every stream and the subscription.
    func stop() {
        let (loop, bells) = state.withLock { state in
            state.isOver = true
            defer { state.listeners = [:] }
            return (state.loop, state.listeners.values.map(\.bell))
        }
        loop?.cancel()
        for bell in bells { bell.finish() }
    }

    private func ring(where isMeant: (Subject) -> Bool) {
        let bells = state.withLock { $0.listeners.values.filter { isMeant($0.subject) }.map(\.bell) }
        for bell in bells { bell.yield() }
    }

    private func run() async {
        var failures = 0
        while !Task.isCancelled {
            let subscription = RedisSubscription(settings)
            await withTaskCancellationHandler {
                do {
                    try await subscription.open(["forge:wake", "forge:events"])
                    failures = 0
                    ring { _ in true }
                    while !Task.isCancelled { ring(for: try await subscription.next()) }
                } catch {
                    // Those who follow events look for themselves, and so find out that the server is gone.
                    ring { $0 != .ready }
                }
            } onCancel: {
                subscription.interrupt()
            }
            try? await Task.sleep(for: Self.pause(after: failures))
            failures += 1
        }
    }

    /// How long to wait for a server that is away before it is looked for again.
    static func pause(after failures: Int) -> Duration {
        let pauses: [Duration] = [.milliseconds(100), .milliseconds(500), .seconds(1)]
        return failures < pauses.count ? pauses[failures] : .seconds(2)
    }

    private func ring(for message: RedisSubscription.Message) {
        let subject = message.channel == "forge:wake" ? Subject.ready : .events(app: message.text)
        ring { $0 == subject }
    }
}
