// SPDX-License-Identifier: Apache-2.0

import ForgeEngine

extension StoreError {
    /// No connection, or one that broke: what the caller asked for may or may not have been done.
    static func noAnswer(from address: RedisSettings.Address, _ reason: String) -> StoreError {
        .unavailable("no answer from redis at \(address) (\(reason)); see that redis-server runs and listens there")
    }

    /// What an error reply means; the codes are those of Redis 7.
    ///
    /// - Parameter keys: what the command was about, for the message.
    static func refusal(_ reply: String, by address: RedisSettings.Address, keys: [String]) -> StoreError {
        let line = String(reply.prefix(300)).split(whereSeparator: \.isNewline).joined(separator: " ")
        let code = line.prefix { $0 != " " }
        let redis = "redis at \(address)"
        return switch code {
        case "LOADING":
            .unavailable("\(redis) is still loading its data; try again in a moment")
        case "BUSY":
            .unavailable("\(redis) is busy with a script; try again in a moment")
        case "MISCONF":
            .unavailable("\(redis) cannot write to its disk; see its log, and free space in its folder")
        case "OOM":
            .unavailable("\(redis) is out of memory; raise its maxmemory")
        case "READONLY", "MASTERDOWN":
            .unavailable("\(redis) is a replica and takes no writes; give the address of the primary")
        case "NOAUTH":
            .unavailable("\(redis) wants a password; give it in the settings")
        case "WRONGPASS":
            .unavailable("\(redis) refused the password; give the one of its requirepass")
        case "WRONGTYPE":
            .corrupt("one of \(keys.joined(separator: ", ")) is not of the type in specs/storage.md")
        default:
            .unavailable("\(redis) refused a command (\(line))")
        }
    }

    /// A reply or a value that is not what specs/storage.md says.
    static func unreadable(_ key: String, _ reason: String) -> StoreError {
        .corrupt("\(key) cannot be read: \(reason)")
    }
}
