// SPDX-License-Identifier: Apache-2.0

import CHiredis
import ForgeEngine
import ForgeModel
import Glibc

/// One connection to Redis: owns hiredis' context, and frees it.
///
/// All calls block, up to the timeout of the settings; only actors on a `BlockingExecutor` hold one. After an error that
/// is thrown here the connection is of no use any more: a late reply would be taken for the next one's.
final class RedisConnection {
    private let context: UnsafeMutablePointer<redisContext>
    private let settings: RedisSettings

    /// Connects and, where there is a password, authenticates.
    init(_ settings: RedisSettings) throws(StoreError) {
        self.settings = settings
        context = try Self.connect(settings)
        // Children that the process starts must not hold the socket open.
        _ = fcntl(context.pointee.fd, F_SETFD, FD_CLOEXEC)
        guard redisSetTimeout(context, Self.limit(settings)) == REDIS_OK else { throw broken() }
        if case .tcp = settings.address, redisEnableKeepAlive(context) != REDIS_OK { throw broken() }
        guard let password = settings.password else { return }
        if case .error(let reply) = try command(["AUTH", password]) {
            throw .refusal(reply, by: settings.address, keys: [])
        }
    }

    deinit { redisFree(context) }

    private static func limit(_ settings: RedisSettings) -> timeval {
        let milliseconds = settings.timeout.milliseconds
        return timeval(tv_sec: milliseconds / 1000, tv_usec: milliseconds % 1000 * 1000)
    }

    private static func connect(_ settings: RedisSettings) throws(StoreError) -> UnsafeMutablePointer<redisContext> {
        let made: UnsafeMutablePointer<redisContext>?
        switch settings.address {
        case .unix(let path):
            // hiredis cuts a longer path short, and would connect to whatever is there.
            guard path.utf8.count <= 107 else {
                throw .unavailable(
                    "the socket path \(path) of redis is longer than 107 bytes; use a shorter state folder"
                )
            }
            made = redisConnectUnixWithTimeout(path, limit(settings))
        case .tcp(let host, let port):
            guard let port = UInt16(exactly: port) else {
                throw .unavailable("\(port) is not a port that redis could listen on; use 1 to 65535")
            }
            made = redisConnectWithTimeout(host, Int32(port), limit(settings))
        }
        guard let made else { throw .noAnswer(from: settings.address, "out of memory") }
        guard made.pointee.err == 0 else {
            let error = reason(made, settings)
            redisFree(made)
            throw .noAnswer(from: settings.address, error)
        }
        return made
    }

    private static func reason(_ context: UnsafeMutablePointer<redisContext>, _ settings: RedisSettings) -> String {
        // A socket's own timeout reads as EAGAIN.
        if context.pointee.err == REDIS_ERR_IO, [EAGAIN, ETIMEDOUT].contains(errno) {
            return "nothing within \(settings.timeout)"
        }
        let text = withUnsafeBytes(of: context.pointee.errstr) {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        return text.prefix(1).lowercased() + text.dropFirst()
    }

    private func broken() -> StoreError { .noAnswer(from: settings.address, Self.reason(context, settings)) }
}

extension RedisConnection {
    /// The socket, to wake a blocked reader by shutting it down.
    var descriptor: Int32 { context.pointee.fd }

    /// Sends a command and waits for its reply.
    func command(_ words: [String]) throws(StoreError) -> RedisReply {
        try send(words)
        return try receive()
    }

    /// Sends a command; the words may hold any character, NUL as well.
    func send(_ words: [String]) throws(StoreError) {
        let lengths = words.map { $0.utf8.count }
        var text: [UInt8] = []
        text.reserveCapacity(lengths.reduce(0, +))
        for word in words { text.append(contentsOf: word.utf8) }
        var formatted: UnsafeMutablePointer<CChar>?
        let size = text.withUnsafeBytes { text in
            let start = text.bindMemory(to: CChar.self).baseAddress
            var offset = 0
            var pointers = lengths.map { length in
                defer { offset += length }
                return start.map { $0 + offset }
            }
            return redisFormatCommandArgv(&formatted, Int32(words.count), &pointers, lengths)
        }
        guard size >= 0, let formatted else { throw .noAnswer(from: settings.address, "out of memory") }
        defer { redisFreeCommand(formatted) }
        try write(UnsafeRawBufferPointer(start: formatted, count: Int(size)))
    }

    /// Writes with MSG_NOSIGNAL: hiredis' own write raises SIGPIPE, which would end the process, when the server is gone.
    private func write(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            if count >= 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
            } else if errno != EINTR {
                let reason = errno == EAGAIN ? "nothing within \(settings.timeout)" : String(cString: strerror(errno))
                throw .noAnswer(from: settings.address, reason.lowercased())
            }
        }
    }

    /// Waits for the next reply.
    func receive() throws(StoreError) -> RedisReply {
        var reply: UnsafeMutableRawPointer?
        guard redisGetReply(context, &reply) == REDIS_OK, let reply else { throw broken() }
        return take(reply)
    }

    /// Waits for what the server sends by itself; nil when nothing came within the time, in milliseconds.
    func receive(within milliseconds: Int32) throws(StoreError) -> RedisReply? {
        var reply: UnsafeMutableRawPointer?
        guard redisGetReplyFromReader(context, &reply) == REDIS_OK else { throw broken() }
        if let reply { return take(reply) }
        return waitsForInput(milliseconds) ? try receive() : nil
    }

    /// Whether an idle connection was closed by the server, or has said something that nobody asked for.
    var isStale: Bool { waitsForInput(0) }

    private func waitsForInput(_ milliseconds: Int32) -> Bool {
        var descriptor = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&descriptor, 1, milliseconds) > 0
    }

    private func take(_ reply: UnsafeMutableRawPointer) -> RedisReply {
        defer { freeReplyObject(reply) }
        return RedisReply(copying: reply.assumingMemoryBound(to: redisReply.self).pointee)
    }
}
