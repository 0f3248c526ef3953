// SPDX-License-Identifier: Apache-2.0

package import ForgeEngine
package import ForgeModel
package import ForgePlan

// Events: specs/storage.md §6.
extension RedisStateStore {
    /// How many events of an app are kept, about: Redis trims whole nodes of a stream.
    static let keptEvents = 20_000

    /// Appends events to an app's stream, all or none, in order.
    package func append(_ events: [DeployEvent], of app: AppName) async throws {
        guard !events.isEmpty else { return }
        _ = try await pool.run(
            Self.appendScript,
            keys: [StorageKey.events(app)],
            [app.text, String(Self.keptEvents)] + (try events.map { try StoredForm.text($0) })
        )
    }

    /// The events of an app after a position, and then each new one as it comes, until the reader's task is cancelled.
    ///
    /// Throws at once when there is no server at the start; one that goes away later has a minute to come back.
    package func events(
        _ app: AppName,
        after position: EventPosition?
    ) -> AsyncThrowingStream<StoredEvent, any Error> {
        let follower = EventFollower(self, app, after: position)
        return AsyncThrowingStream { try await follower.next() }
    }

    /// The position of the newest event; nil when there is none.
    package func lastEvent(_ app: AppName) async throws -> EventPosition? {
        let key = StorageKey.events(app)
        let reply = try await pool.command("XREVRANGE", key, "+", "-", "COUNT", "1")
        return try reply.elements?.first.map { try Self.entry($0, of: key).position }
    }

    /// At most 100 events after a position, oldest first.
    func page(_ app: AppName, after position: EventPosition?) async throws -> [StoredEvent] {
        let key = StorageKey.events(app)
        let start = position.map { "(\($0)" } ?? "-"
        let reply = try await pool.command("XRANGE", key, start, "+", "COUNT", String(EventFollower.pageSize))
        return try (reply.elements ?? []).map { entry in
            let (position, event) = try Self.entry(entry, of: key)
            let place = "entry \(position) of \(key)"
            return StoredEvent(position: position, event: try StoredForm.value(event, of: place))
        }
    }

    /// Takes an entry apart: its identity, and its one field `e`.
    private static func entry(_ reply: RedisReply, of key: String) throws -> (
        position: EventPosition, event: RedisReply
    ) {
        guard let parts = reply.elements, parts.count == 2, let text = parts[0].text,
            let position = try? EventPosition(text), let fields = parts[1].elements, fields.count == 2,
            fields[0].text == "e"
        else { throw StoreError.unreadable(key, "an entry has not exactly the field e") }
        return (position, fields[1])
    }

    private static let appendScript = RedisScript(
        Lua.tell,
        """
        local app, kept = ARGV[1], ARGV[2]
        tell(KEYS[1], app, kept, unpack(ARGV, 3))
        """
    )
}
