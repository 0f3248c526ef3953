// SPDX-License-Identifier: Apache-2.0

package import ForgeEngine
package import ForgeModel
package import ForgePlan

// Records, releases and the journal: specs/storage.md §3.
extension RedisStateStore {
    /// How many releases of an app are kept.
    private static let keptReleases = 500

    /// How far the reconciler came; of a forgotten app, the highest release number.
    package func record(_ app: AppName) async throws -> AppRecord {
        let key = StorageKey.record(app)
        let reply = try await pool.run(Self.recordScript, keys: [key, StorageKey.numbers(app)], [])
        guard let parts = reply.elements, parts.count == 2 else {
            throw StoreError.unreadable(key, "it was not answered as it should be")
        }
        guard parts[0] == .null else { return try StoredForm.value(parts[0], of: key) }
        return AppRecord(lastNumber: parts[1].number.map(ReleaseNumber.init(number:)))
    }

    /// Replaces the record; the highest release number never becomes lower.
    package func save(_ record: AppRecord, _ claim: Claim) async throws {
        let reply = try await pool.run(
            Self.saveRecordScript,
            keys: claim.keys + [StorageKey.record(claim.app), StorageKey.numbers(claim.app)],
            claim.arguments + [try StoredForm.text(record), record.lastNumber.map { String($0.number) } ?? "0"]
        )
        try claim.check(reply)
    }

    /// Ends a generation; settling with the number of an earlier release replaces that release.
    package func settle(
        _ record: AppRecord,
        _ release: Release?,
        _ result: DeployEvent,
        _ claim: Claim
    ) async throws {
        var record = record
        if let release {
            record.live = release
            record.lastNumber = max(record.lastNumber ?? release.number, release.number)
        }
        let reply = try await pool.run(
            Self.settleScript,
            keys: claim.keys + [
                StorageKey.record(claim.app), StorageKey.numbers(claim.app), StorageKey.releases(claim.app),
                StorageKey.journal(claim.app), StorageKey.events(claim.app),
            ],
            claim.arguments + [
                try StoredForm.text(record), String(record.lastNumber?.number ?? 0), try StoredForm.text(result),
                String(Self.keptEvents), String(Self.keptReleases),
            ] + (try release.map { [try StoredForm.text($0), String($0.number.number)] } ?? [])
        )
        try claim.check(reply)
    }

    /// The newest releases, newest first.
    package func releases(_ app: AppName, limit: Int) async throws -> [Release] {
        guard limit > 0 else { return [] }
        let key = StorageKey.releases(app)
        let last = min(limit, Self.keptReleases) - 1
        let reply = try await pool.command("ZRANGE", key, "0", String(last), "REV")
        return try (reply.elements ?? []).map { try StoredForm.value($0, of: key) }
    }

    /// What is under way; nil when nothing is.
    package func journal(_ app: AppName) async throws -> Journal? {
        let key = StorageKey.journal(app)
        let reply = try await pool.command("GET", key)
        return reply == .null ? nil : try StoredForm.value(reply, of: key)
    }

    /// Replaces the journal; nil ends it.
    package func save(_ journal: Journal?, _ claim: Claim) async throws {
        let reply = try await pool.run(
            Self.saveJournalScript,
            keys: claim.keys + [StorageKey.journal(claim.app)],
            claim.arguments + (try journal.map { [try StoredForm.text($0)] } ?? [])
        )
        try claim.check(reply)
    }

    private static let recordScript = RedisScript(
        "return {redis.call('GET', KEYS[1]), redis.call('HGET', KEYS[2], 'release')}"
    )

    /// `put(record, numbers, text, highest)`: stores a record and keeps the highest release number.
    private static let put = """
        local function put(record, numbers, text, highest)
          redis.call('SET', record, text)
          if tonumber(highest) > tonumber(redis.call('HGET', numbers, 'release') or 0) then
            redis.call('HSET', numbers, 'release', highest)
          end
        end
        """

    private static let saveRecordScript = RedisScript(
        Lua.holds,
        put,
        """
        local fence, leases, record, numbers = unpack(KEYS)
        local app, token, text, highest = unpack(ARGV)
        if not holds(fence, leases, app, token) then return 0 end
        put(record, numbers, text, highest)
        return 1
        """
    )

    private static let settleScript = RedisScript(
        Lua.holds,
        put,
        Lua.tell,
        """
        local fence, leases, record, numbers, releases, journal, events = unpack(KEYS)
        local app, token, text, highest, result, keptEvents, keptReleases, release, number = unpack(ARGV)
        if not holds(fence, leases, app, token) then return 0 end
        put(record, numbers, text, highest)
        if release then
          redis.call('ZREMRANGEBYSCORE', releases, number, number)
          redis.call('ZADD', releases, number, release)
          redis.call('ZREMRANGEBYRANK', releases, 0, -keptReleases - 1)
        end
        redis.call('DEL', journal)
        tell(events, app, keptEvents, result)
        return 1
        """
    )

    private static let saveJournalScript = RedisScript(
        Lua.holds,
        """
        local fence, leases, journal = unpack(KEYS)
        local app, token, text = unpack(ARGV)
        if not holds(fence, leases, app, token) then return 0 end
        if text then redis.call('SET', journal, text) else redis.call('DEL', journal) end
        return 1
        """
    )
}
