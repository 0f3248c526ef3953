// SPDX-License-Identifier: Apache-2.0

/// A change of several keys that Redis runs as one; the text is the script's identity (specs/storage.md §1).
struct RedisScript: Hashable, Sendable {
    /// Lua 5.1, as Redis runs it.
    let source: String

    /// Joins parts, shared ones first.
    init(_ parts: String...) { source = parts.joined(separator: "\n") }
}

/// Lua that several scripts begin with.
enum Lua {
    /// `now`: the server's time in milliseconds, the only clock that leases and due times go by.
    static let now = """
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        """

    /// `holds(fence, leases, app, token)`: whether a claim may still write (specs/storage.md §4).
    static let holds = """
        local function holds(fence, leases, app, token)
          return redis.call('GET', fence) == token and redis.call('ZSCORE', leases, app)
        end
        """

    /// `tell(events, app, kept, …)`: appends events to an app's stream and calls its followers (specs/storage.md §6).
    static let tell = """
        local function tell(events, app, kept, ...)
          for _, event in ipairs({...}) do
            redis.call('XADD', events, 'MAXLEN', '~', kept, '*', 'e', event)
          end
          redis.call('PUBLISH', 'forge:events', app)
        end
        """

    /// `wake(due, leases, dirty, app, at)`: makes an app due at a time, or sooner (specs/storage.md §5); needs `now`.
    static let wake = """
        local function wake(due, leases, dirty, app, at)
          if redis.call('ZSCORE', leases, app) then
            redis.call('ZADD', dirty, 'LT', at, app)
          else
            redis.call('ZADD', due, 'LT', at, app)
            if at <= now then redis.call('PUBLISH', 'forge:wake', app) end
          end
        end
        """
}
