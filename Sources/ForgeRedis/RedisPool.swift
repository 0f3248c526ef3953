// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A few links, so that one caller's wait for the disk is not everyone's; each command takes the least busy one.
final class RedisPool: Sendable {
    private let links: [RedisLink]
    private let waiting: Mutex<[Int]>

    /// Makes the links; they connect when they are used.
    init(_ settings: RedisSettings, size: Int = 4) {
        let connector = RedisConnector(settings)
        links = (0..<size).map { _ in RedisLink(connector) }
        waiting = Mutex(Array(repeating: 0, count: size))
    }

    /// Sends one command.
    func command(_ words: String...) async throws -> RedisReply {
        try await withLink { try await $0.command(words) }
    }

    /// Runs a script.
    func run(_ script: RedisScript, keys: [String], _ arguments: [String]) async throws -> RedisReply {
        try await withLink { try await $0.run(script, keys: keys, arguments: arguments) }
    }

    private func withLink<Value: Sendable>(_ body: (RedisLink) async throws -> Value) async throws -> Value {
        let index = waiting.withLock { waiting in
            let index = waiting.indices.min { waiting[$0] < waiting[$1] } ?? 0
            waiting[index] += 1
            return index
        }
        defer { waiting.withLock { $0[index] -= 1 } }
        return try await body(links[index])
    }
}
