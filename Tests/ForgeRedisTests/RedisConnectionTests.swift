// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import Testing

@testable import ForgeRedis

@Suite struct RedisConnectionTests {
    @Test func repliesOfEveryKind() async throws {
        try await RedisFixture.with { redis in
            let link = RedisLink(redis.settings)
            #expect(try await link.command(["SET", "key", "value"]) == .bytes(Array("OK".utf8)))
            #expect(try await link.command(["GET", "none"]) == .null)
            #expect(try await link.command(["INCR", "count"]) == .integer(1))
            #expect(
                try await link.command(["MGET", "key", "none", "count"]).elements?.map(\.text) == ["value", nil, "1"]
            )
            #expect(try await link.command(["SMEMBERS", "none"]) == .array([]))
            let nested = try await link.run(
                RedisScript("return {1, {KEYS[1], {ARGV[1]}}, false}"),
                keys: ["k"],
                arguments: ["a"]
            )
            let inner = RedisReply.array([.bytes(Array("k".utf8)), .array([.bytes(Array("a".utf8))])])
            #expect(nested == .array([.integer(1), inner, .null]))
            await #expect(throws: StoreError.self) { try await link.command(["NOSUCHCOMMAND"]) }
            await #expect(throws: StoreError.self) { try await link.command(["INCR", "key"]) }
            #expect(try await link.command(["GET", "key"]).text == "value")
        }
    }

    @Test(arguments: ["", "\u{0}", "a\u{0}b\u{0}", "%s %b %d", "\r\n$5\r\nhello\r\n", "ü✓\u{1F680}"])
    func wordsAreBinarySafe(_ word: String) async throws {
        try await RedisFixture.with { redis in
            let link = RedisLink(redis.settings)
            _ = try await link.command(["SET", "key" + word, word])
            #expect(try await link.command(["GET", "key" + word]) == .bytes(Array(word.utf8)))
        }
    }

    @Test func bytesThatAreNoTextStayAsTheyAre() async throws {
        try await RedisFixture.with { redis in
            let link = RedisLink(redis.settings)
            let bytes = RedisScript(#"return "\255\0\254""#)
            let reply = try await link.run(bytes, keys: [], arguments: [])
            #expect(reply == .bytes([255, 0, 254]))
            #expect(reply.text == nil)
        }
    }

    @Test func speaksTCP() async throws {
        // An address of its own on the loopback network: nobody else takes the port between choosing and using it.
        let host = "127.\(Int.random(in: 1...254)).\(Int.random(in: 1...254)).\(Int.random(in: 1...254))"
        try await RedisFixture.with(options: ["--bind", host, "--port", "6379"]) { redis in
            _ = try await RedisLink(redis.settings).command(["CONFIG", "SET", "requirepass", "s3cret"])
            let settings = RedisSettings(.tcp(host: host, port: 6379), password: "s3cret")
            #expect(try await RedisLink(settings).command(["PING"]).text == "PONG")
        }
    }

    @Test func largeWordsAndReplies() async throws {
        try await RedisFixture.with { redis in
            let link = RedisLink(redis.settings)
            let large = String(repeating: "0123456789abcdef", count: 1 << 18)
            _ = try await link.command(["SET", "key", large])
            #expect(try await link.command(["GET", "key"]).text == large)
        }
    }

    @Test func manyCallersShareTheLinks() async throws {
        try await RedisFixture.with { redis in
            let pool = RedisPool(redis.settings)
            let numbers = try await withThrowingTaskGroup(of: Int?.self) { group in
                for _ in 0..<200 { group.addTask { try await pool.command("INCR", "count").number } }
                return try await group.reduce(into: Set<Int?>()) { $0.insert($1) }
            }
            #expect(numbers == Set(1...200))
            let clients = try #require(try await pool.command("CLIENT", "LIST").text)
            #expect(clients.split(separator: "\n").count <= 5)
        }
    }
}
