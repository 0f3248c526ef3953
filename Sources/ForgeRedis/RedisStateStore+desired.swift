// SPDX-License-Identifier: Apache-2.0

package import ForgeEngine
package import ForgeModel
package import ForgePlan

// Desired state: specs/storage.md §2.
extension RedisStateStore {
    /// Every app that has desired state, sorted.
    package func apps() async throws -> [AppName] {
        let names = try await pool.command("SMEMBERS", StorageKey.apps).elements ?? []
        return try names.map { name in
            guard let text = name.text, let app = try? AppName(text) else {
                throw StoreError.unreadable(StorageKey.apps, "a member is no app name")
            }
            return app
        }
        .sorted()
    }

    /// What is wanted of an app; nil when it is not known.
    package func desired(_ app: AppName) async throws -> DesiredApp? {
        let key = StorageKey.desired(app)
        let fields = try await pool.command("HMGET", key, "generation", "accepted").elements ?? []
        guard fields.count == 2, fields != [.null, .null] else { return nil }
        guard let generation = fields[0].number else { throw StoreError.unreadable(key, "its generation is no number") }
        return try StoredForm<AcceptedWish>.value(fields[1], of: key).desired(Generation(number: generation))
    }

    /// Accepts a wish as the generation after `expected`, or after the highest that a forgotten app of that name had.
    package func commit(
        _ app: AppName,
        _ wish: Wish,
        by: String,
        at: Timestamp,
        expected: Generation?
    ) async throws -> DesiredApp {
        let accepted = AcceptedWish(wish: wish, requestedBy: by, requestedAt: at)
        let reply = try await pool.run(
            Self.commitScript,
            keys: [
                StorageKey.desired(app), StorageKey.numbers(app), StorageKey.apps, StorageKey.due, StorageKey.leases,
                StorageKey.dirty,
            ],
            [
                app.text, expected?.description ?? "", try StoredForm.text(accepted), wish == .destroy ? "1" : "0",
            ]
        )
        guard let parts = reply.elements, parts.count == 2, let isAccepted = parts[0].number else {
            throw StoreError.unreadable(StorageKey.desired(app), "the commit was not answered as it should be")
        }
        let generation = parts[1].number.map(Generation.init(number:))
        guard isAccepted == 1, let generation else { throw StoreError.stale(current: generation) }
        return accepted.desired(generation)
    }

    /// Forgets a destroyed app; throws `StoreError.stale` when what is wanted by now is not its end.
    package func forget(_ result: DeployEvent, _ claim: Claim) async throws {
        let app = claim.app
        let reply = try await pool.run(
            Self.forgetScript,
            keys: claim.keys + [
                StorageKey.desired(app), StorageKey.record(app), StorageKey.releases(app), StorageKey.journal(app),
                StorageKey.apps, StorageKey.due, StorageKey.dirty, StorageKey.events(app),
            ],
            claim.arguments + [try StoredForm.text(result), String(Self.keptEvents)]
        )
        let parts = reply.elements ?? []
        try claim.check(parts.first ?? .null)
        if let current = parts.dropFirst().first?.number {
            throw StoreError.stale(current: Generation(number: current))
        }
    }

    private static let commitScript = RedisScript(
        Lua.now,
        Lua.wake,
        """
        local desired, numbers, apps, due, leases, dirty = unpack(KEYS)
        local app, expected, accepted, tombstone = unpack(ARGV)
        local current = redis.call('HGET', desired, 'generation') or ''
        if current ~= expected then return {0, current} end
        local generation = redis.call('HINCRBY', numbers, 'generation', 1)
        redis.call('HSET', desired, 'generation', generation, 'accepted', accepted, 'tombstone', tombstone)
        redis.call('SADD', apps, app)
        wake(due, leases, dirty, app, now)
        return {1, generation}
        """
    )

    private static let forgetScript = RedisScript(
        Lua.holds,
        Lua.tell,
        """
        local fence, leases, desired, record, releases, journal, apps, due, dirty, events = unpack(KEYS)
        local app, token, result, keptEvents = unpack(ARGV)
        if not holds(fence, leases, app, token) then return {0} end
        local wanted = redis.call('HMGET', desired, 'generation', 'tombstone')
        if wanted[1] and wanted[2] ~= '1' then return {1, wanted[1]} end
        redis.call('DEL', desired, record, releases, journal)
        redis.call('SREM', apps, app)
        redis.call('ZREM', due, app)
        redis.call('ZREM', dirty, app)
        tell(events, app, keptEvents, result)
        return {1}
        """
    )
}

/// What is stored of a wish; its generation, which Redis counts, stands beside it.
private struct AcceptedWish: Codable {
    let wish: Wish
    let requestedBy: String
    let requestedAt: Timestamp

    func desired(_ generation: Generation) -> DesiredApp {
        DesiredApp(generation: generation, wish: wish, requestedBy: requestedBy, requestedAt: requestedAt)
    }
}
