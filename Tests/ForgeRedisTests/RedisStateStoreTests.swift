// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeModel
import ForgePlan
import Testing

@testable import ForgeRedis

@Suite struct RedisStateStoreTests {
    @Test(arguments: StateStoreContract.rules)
    func keepsTheContract(_ rule: StateStoreContract) async throws {
        try await RedisFixture.with { redis in
            try await rule.check(RedisStateStore(redis.settings))
        }
    }

    @Test func wakesWorkersOfAnotherProcess() async throws {
        try await RedisFixture.with { redis in
            let worker = RedisStateStore(redis.settings)
            var ticks = worker.ticks().makeAsyncIterator()
            let app = try Samples.app()
            _ = try await RedisStateStore(redis.settings).begin(app)
            var claim: Claim?
            while claim == nil, await ticks.next() != nil { claim = try await worker.take() }
            #expect(claim?.app == app)
        }
    }

    @Test func aClaimLeavesAWakeForLaterInPlace() async throws {
        try await RedisFixture.with { redis in
            let store = RedisStateStore(redis.settings)
            let app = try Samples.app()
            _ = try await store.begin(app)
            _ = try #require(try await store.claim(worker: "old", lease: TimeSpan("50ms")))
            try await store.wake(app, after: TimeSpan(seconds: 3600))
            let claim = try await store.takeNext()
            try await store.finish(claim, again: nil)
            #expect(try await store.pool.command("ZCARD", StorageKey.due) == .integer(1))
            #expect(try await store.take() == nil)
            for key in [StorageKey.leases, StorageKey.dirty, StorageKey.workers] {
                #expect(try await store.pool.command("EXISTS", key) == .integer(0), "\(key)")
            }
        }
    }

    @Test func trimsEvents() async throws {
        try await RedisFixture.with { redis in
            let store = RedisStateStore(redis.settings)
            let app = try Samples.app()
            for start in stride(from: 0, to: 25_000, by: 1000) {
                try await store.append(Samples.events(start..<start + 1000), of: app)
            }
            let length = try #require(try await store.pool.command("XLEN", StorageKey.events(app)).number)
            #expect((20_000...20_200).contains(length))
            let last = try #require(try await store.lastEvent(app))
            let newest = try await store.pool.command("XRANGE", StorageKey.events(app), last.text, last.text)
            #expect(newest.elements?.count == 1)
        }
    }

    @Test func keepsFiveHundredReleases() async throws {
        try await RedisFixture.with { redis in
            let store = RedisStateStore(redis.settings)
            let app = try Samples.app()
            _ = try await store.begin(app)
            let claim = try #require(try await store.take())
            for number in 1...503 {
                try await store.settle(AppRecord(), Samples.release(number, of: app), Samples.result, claim)
            }
            let releases = try await store.releases(app, limit: 1000)
            #expect(releases.map(\.number.number) == (4...503).reversed())
        }
    }

    @Test func saysWhichKeyCannotBeRead() async throws {
        try await RedisFixture.with { redis in
            let store = RedisStateStore(redis.settings)
            let app = try Samples.app()
            let key = StorageKey.journal(app)
            _ = try await store.pool.command("SET", key, #"{"v":1,"value":{"generation":"s3cret"}}"#)
            await #expect(throws: StoreError.corrupt("\(key) cannot be read: wrong or missing at value.generation")) {
                try await store.journal(app)
            }
            _ = try await store.pool.command("SET", key, #"{"v":2,"value":{}}"#)
            let newer = "\(key) cannot be read: form 2 is newer than this forged, which knows form 1; run a newer one"
            await #expect(throws: StoreError.corrupt(newer)) { try await store.journal(app) }
            _ = try await store.pool.command("DEL", key)
            _ = try await store.pool.command("SADD", key, "x")
            await #expect(throws: StoreError.corrupt("one of \(key) is not of the type in specs/storage.md")) {
                try await store.journal(app)
            }
            _ = try await store.pool.command("XADD", StorageKey.events(app), "1-1", "e", "{")
            await #expect(throws: StoreError.self) { try await store.events(app, count: 1) }
            _ = try await store.pool.command("HSET", StorageKey.tokens, "admin", "s3cret")
            await #expect(throws: StoreError.corrupt("forge:tokens cannot be read: a field is no name with a digest")) {
                try await store.tokens()
            }
        }
    }

    @Test func keysAreThoseOfTheSpecification() async throws {
        try await RedisFixture.with { redis in
            let store = RedisStateStore(redis.settings)
            let app = try Samples.app()
            let desired = try await store.begin(app)
            let claim = try #require(try await store.take())
            try await store.settle(AppRecord(), Samples.release(1, of: app), Samples.result, claim)
            try await store.save(Samples.journal(1), claim)
            try await store.append(Samples.events(0..<1), of: app)
            let task = Samples.task(of: app)
            try await store.append(["line"], first: 0, phase: 0, task: task, step: "build", at: Timestamp(number: 1))
            try await store.saveToken(name: "admin", hash: Samples.digest())
            try await store.wake(app, after: nil)
            try await store.wake(Samples.app("blog"), after: nil)
            #expect(desired.generation.number == 1)

            let found = try #require(try await store.pool.command("KEYS", "*").elements).compactMap(\.text)
            var kinds: [String: String] = [:]
            for key in found { kinds[key] = try await store.pool.command("TYPE", key).text }
            #expect(
                kinds == [
                    "forge:apps": "set", "forge:tokens": "hash", "forge:ready:due": "zset",
                    "forge:ready:leases": "zset",
                    "forge:ready:dirty": "zset", "forge:ready:workers": "hash", "forge:app:{shop}:desired": "hash",
                    "forge:app:{shop}:numbers": "hash", "forge:app:{shop}:record": "string",
                    "forge:app:{shop}:releases": "zset", "forge:app:{shop}:journal": "string",
                    "forge:app:{shop}:fence": "string", "forge:app:{shop}:events": "stream",
                    "forge:app:{shop}:output:1:shop-build-1": "hash",
                ]
            )
            let seconds = try await store.pool.command("TTL", StorageKey.output(task)).number ?? 0
            #expect((1...86_400).contains(seconds))
        }
    }
}
