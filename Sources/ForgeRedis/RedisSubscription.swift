// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import Glibc
import Synchronization

/// One connection that listens to channels, until it breaks or is interrupted.
actor RedisSubscription {
    /// A message, by its channel.
    struct Message: Hashable, Sendable {
        let channel: String
        let text: String
    }

    /// How long the server may be silent before it is asked whether it is there, in milliseconds.
    private static let silence: Int32 = 15_000

    private let settings: RedisSettings
    private let executor: BlockingExecutor
    private var connection: RedisConnection?
    /// The socket while the connection is open; another thread shuts it down to end a wait.
    private nonisolated let socket = Mutex<Int32?>(nil)

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Does not connect yet.
    init(_ settings: RedisSettings) {
        self.settings = settings
        executor = BlockingExecutor(label: "forge.redis.subscription")
    }

    deinit { socket.withLock { $0 = nil } }

    /// Connects, and returns when every channel is subscribed to: nothing that is published from then on is missed.
    func open(_ channels: [String]) throws {
        let connection = try RedisConnection(settings)
        self.connection = connection
        socket.withLock { $0 = connection.descriptor }
        try connection.send(["SUBSCRIBE"] + channels)
        for _ in channels {
            if case .error(let text) = try connection.receive() {
                throw StoreError.refusal(text, by: settings.address, keys: channels)
            }
        }
    }

    /// Waits for the next message, however long it takes; throws when the connection breaks.
    func next() throws -> Message {
        guard let connection else { throw StoreError.noAnswer(from: settings.address, "not connected") }
        while true {
            guard let reply = try connection.receive(within: Self.silence) else {
                try connection.send(["PING"])
                // Whatever comes, the server is there: a message may be ahead of the answer.
                if let message = Message(try connection.receive()) { return message }
                continue
            }
            if let message = Message(reply) { return message }
        }
    }

    /// Ends a wait in `next` from any thread.
    nonisolated func interrupt() {
        socket.withLock { if let socket = $0 { _ = shutdown(socket, Int32(SHUT_RDWR)) } }
    }
}

extension RedisSubscription.Message {
    /// Reads `message, channel, text`; nil for anything else, such as the answer to a PING.
    fileprivate init?(_ reply: RedisReply) {
        guard let parts = reply.elements, parts.count == 3, parts[0].text == "message", let channel = parts[1].text,
            let text = parts[2].text
        else { return nil }
        self.init(channel: channel, text: text)
    }
}
