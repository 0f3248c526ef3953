// SPDX-License-Identifier: Apache-2.0

import ForgeEngine

/// A connection for commands that is made when it is needed, and made again when the server has closed it.
///
/// A command is sent once: when its reply does not come, nobody knows whether it was carried out, and only the caller
/// can tell whether it may be repeated.
actor RedisLink {
    private let connector: RedisConnector
    private let executor: BlockingExecutor
    private var connection: RedisConnection?
    private var hashes: [RedisScript: String] = [:]

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Does not connect yet.
    init(_ connector: RedisConnector) {
        self.connector = connector
        executor = BlockingExecutor(label: "forge.redis.link")
    }

    /// Sends a command; an error reply is thrown.
    func command(_ words: [String]) throws -> RedisReply {
        try answered(exchange(words), keys: Array(words.dropFirst().prefix(1)))
    }

    /// Runs a script by its hash, and by its text where the server does not have it any more.
    func run(_ script: RedisScript, keys: [String], arguments: [String]) throws -> RedisReply {
        let hash = try hash(of: script)
        let rest = [String(keys.count)] + keys + arguments
        let reply = try exchange(["EVALSHA", hash] + rest)
        guard case .error(let text) = reply, text.hasPrefix("NOSCRIPT") else { return try answered(reply, keys: keys) }
        return try answered(exchange(["EVAL", script.source] + rest), keys: keys)
    }

    private func hash(of script: RedisScript) throws -> String {
        if let hash = hashes[script] { return hash }
        let reply = try command(["SCRIPT", "LOAD", script.source])
        guard let hash = reply.text else { throw StoreError.unreadable("SCRIPT LOAD", "redis answered no hash") }
        hashes[script] = hash
        return hash
    }

    private func exchange(_ words: [String]) throws(StoreError) -> RedisReply {
        let kept = connection.take()
        let usable: RedisConnection
        if let kept, !kept.isStale { usable = kept } else { usable = try connector.connect() }
        let reply = try usable.command(words)
        // Kept only after a reply: a connection on which something failed is not used again.
        connection = usable
        return reply
    }

    private func answered(_ reply: RedisReply, keys: [String]) throws(StoreError) -> RedisReply {
        guard case .error(let text) = reply else { return reply }
        throw .refusal(text, by: connector.settings.address, keys: keys)
    }
}
