// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeModel

/// Reads one app's events for one reader: what is there in pages, then what comes (specs/storage.md §6).
///
/// It looks after every ring of the bell and remembers where it is, so it misses nothing and repeats nothing. It reads
/// only as fast as its reader does.
actor EventFollower {
    /// How many events are read at once.
    static let pageSize = 100
    /// How long a server that answered once may be away.
    private static let patience = Duration.seconds(60)

    private let store: RedisStateStore
    private let app: AppName
    private let bell: AsyncStream<Void>
    private var position: EventPosition?
    private var page: ArraySlice<StoredEvent> = []
    /// Whether the last page was full, or none was read yet: then the next one is read without waiting.
    private var hasMore = true
    private var hasBeenAnswered = false

    /// Begins to listen, so that nothing is missed from here on.
    init(_ store: RedisStateStore, _ app: AppName, after position: EventPosition?) {
        self.store = store
        self.app = app
        self.position = position
        bell = store.listeners.listen(to: .events(app: app.text))
    }

    /// The next event, when there is one; nil once the reader's task is cancelled.
    func next() async throws -> StoredEvent? {
        while !Task.isCancelled {
            if let event = page.popFirst() {
                position = event.position
                return event
            }
            if !hasMore {
                var ring = bell.makeAsyncIterator()
                guard await ring.next(isolation: self) != nil else { return nil }
            }
            let events = try await read()
            page = events[...]
            hasMore = events.count == Self.pageSize
        }
        return nil
    }

    /// Reads a page; while a server that was there is away, tries for a minute.
    private func read() async throws -> [StoredEvent] {
        let deadline = ContinuousClock.now + Self.patience
        var failures = 0
        while true {
            do {
                let events = try await store.page(app, after: position)
                hasBeenAnswered = true
                return events
            } catch let error as StoreError {
                if Task.isCancelled { return [] }
                guard case .unavailable = error, hasBeenAnswered, ContinuousClock.now < deadline else { throw error }
                try? await Task.sleep(for: Listeners.pause(after: failures))
                failures += 1
            }
        }
    }
}
