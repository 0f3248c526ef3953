// SPDX-License-Identifier: Apache-2.0

package import ForgeEngine
package import ForgeModel

// Leases: specs/storage.md §4. The ready set: §5. All times are the server's.
extension RedisStateStore {
    /// Makes the app due after a delay, or sooner if it is due sooner.
    package func wake(_ app: AppName, after delay: TimeSpan?) async throws {
        _ = try await pool.run(
            Self.wakeScript,
            keys: [StorageKey.due, StorageKey.leases, StorageKey.dirty],
            [app.text, String(delay?.milliseconds ?? 0)]
        )
    }

    /// Takes the app that is due longest; one whose worker let its lease end is due since then.
    package func claim(worker: String, lease: TimeSpan) async throws -> Claim? {
        let reply = try await pool.run(
            Self.claimScript,
            keys: [StorageKey.due, StorageKey.leases, StorageKey.dirty, StorageKey.workers],
            [worker, String(lease.milliseconds)]
        )
        guard reply != .null else { return nil }
        guard let parts = reply.elements, parts.count == 2, let text = parts[0].text, let app = try? AppName(text),
            let token = parts[1].number
        else { throw StoreError.unreadable(StorageKey.due, "a member is no app name") }
        return Claim(app: app, token: FencingToken(number: token), worker: worker)
    }

    /// Extends a lease from now on.
    package func renew(_ claim: Claim, lease: TimeSpan) async throws {
        let arguments = claim.arguments + [String(lease.milliseconds)]
        try claim.check(await pool.run(Self.renewScript, keys: claim.keys, arguments))
    }

    /// Gives the app back; does nothing when someone else holds it by now.
    package func finish(_ claim: Claim, again delay: TimeSpan?) async throws {
        _ = try await pool.run(
            Self.finishScript,
            keys: claim.keys + [StorageKey.due, StorageKey.dirty, StorageKey.workers],
            claim.arguments + (delay.map { [String($0.milliseconds)] } ?? [])
        )
    }

    /// A tick whenever an app became due at once, and whenever such a moment may have been missed.
    package func ticks() -> AsyncStream<Void> { listeners.listen(to: .ready) }

    private static let wakeScript = RedisScript(
        Lua.now,
        Lua.wake,
        """
        local due, leases, dirty = unpack(KEYS)
        wake(due, leases, dirty, ARGV[1], now + ARGV[2])
        """
    )

    /// The fence's key is made in the script: which app it is about is known only there.
    private static let claimScript = RedisScript(
        Lua.now,
        """
        local due, leases, dirty, workers = unpack(KEYS)
        local waiting = redis.call('ZRANGE', due, '-inf', now, 'BYSCORE', 'LIMIT', 0, 1, 'WITHSCORES')
        local left = redis.call('ZRANGE', leases, '-inf', now, 'BYSCORE', 'LIMIT', 0, 1, 'WITHSCORES')
        local app = waiting[1]
        if not app or (left[1] and tonumber(left[2]) < tonumber(waiting[2])) then app = left[1] end
        if not app then return false end
        redis.call('ZREM', due, app)
        local again = redis.call('ZSCORE', dirty, app)
        if again and tonumber(again) <= now then redis.call('ZREM', dirty, app) end
        local token = redis.call('INCR', 'forge:app:{' .. app .. '}:fence')
        redis.call('ZADD', leases, now + ARGV[2], app)
        redis.call('HSET', workers, app, ARGV[1])
        return {app, token}
        """
    )

    private static let renewScript = RedisScript(
        Lua.now,
        Lua.holds,
        """
        local fence, leases = unpack(KEYS)
        local app, token, lease = unpack(ARGV)
        local ends = holds(fence, leases, app, token)
        if not ends or tonumber(ends) <= now then return 0 end
        redis.call('ZADD', leases, now + lease, app)
        return 1
        """
    )

    private static let finishScript = RedisScript(
        Lua.now,
        Lua.holds,
        Lua.wake,
        """
        local fence, leases, due, dirty, workers = unpack(KEYS)
        local app, token, delay = unpack(ARGV)
        if not holds(fence, leases, app, token) then return end
        redis.call('ZREM', leases, app)
        redis.call('HDEL', workers, app)
        local again = redis.call('ZSCORE', dirty, app)
        redis.call('ZREM', dirty, app)
        if again then wake(due, leases, dirty, app, tonumber(again)) end
        if delay then wake(due, leases, dirty, app, now + delay) end
        """
    )
}
