// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeModel
import ForgeTesting
import Testing

@testable import ForgeRedis

/// What happens when the server goes away, comes back, or does not want to.
@Suite struct RedisFailureTests {
    @Test func everythingAcknowledgedSurvivesAPowerCut() async throws {
        try await RedisFixture.with { redis in
            let store = RedisStateStore(redis.settings)
            let apps = try (0..<4).map { try Samples.app("app-\($0)") }
            let acknowledged = Shared<[AppName: DesiredApp]>([:])
            try await withThrowingTaskGroup(of: Void.self) { group in
                for app in apps {
                    group.addTask {
                        // Ends with the error of the commit that the power cut interrupts.
                        while let next = try? await store.commit(
                            app,
                            Samples.wish(app),
                            by: "admin",
                            at: Timestamp(number: 1),
                            expected: acknowledged.value[app]?.generation
                        ) {
                            acknowledged.update { $0[app] = next }
                        }
                    }
                }
                try await eventually("every app has commits") {
                    apps.allSatisfy { (acknowledged.value[$0]?.generation.number ?? 0) > 20 }
                }
                try await redis.kill()
                try await group.waitForAll()
            }
            try await redis.start()
            for app in apps {
                let known = try #require(acknowledged.value[app])
                let found = try #require(try await store.desired(app))
                // The commit whose answer was lost may be there as well.
                #expect([known.generation, known.generation.next].contains(found.generation))
                #expect(found.wish == known.wish)
            }
        }
    }

    @Test func aFollowerGoesOnAfterARestart() async throws {
        try await RedisFixture.with { redis in
            let store = RedisStateStore(redis.settings)
            let app = try Samples.app()
            try await store.append(Samples.events(0..<10), of: app)
            let count = Shared(0)
            let follower = Task {
                var events: [StoredEvent] = []
                for try await event in store.events(app, after: nil) {
                    events.append(event)
                    let seen = events.count
                    count.update { $0 = seen }
                    if events.count == 30 { break }
                }
                return events
            }
            for round in 1...2 {
                try await eventually("the follower is up to date") { count.value == round * 10 }
                try await redis.kill()
                try await redis.start()
                try await store.append(Samples.events(round * 10..<(round + 1) * 10), of: app)
            }
            #expect(try await follower.value.map(\.event) == Samples.events(0..<30))
        }
    }

    @Test func ticksGoOnAfterARestart() async throws {
        try await RedisFixture.with { redis in
            let store = RedisStateStore(redis.settings)
            let app = try Samples.app()
            let ticks = store.ticks()
            async let claimed = {
                for await _ in ticks {
                    if let claim = try? await store.take() { return claim as Claim? }
                }
                return nil
            }()
            try await redis.kill()
            try await redis.start()
            _ = try await RedisStateStore(redis.settings).begin(app)
            #expect(await claimed?.app == app)
        }
    }

    @Test func commandsThatMeetARestartAreAnswered() async throws {
        // A server that is back loads 2,000 keys, 0.1 ms each, and refuses commands until then.
        try await RedisFixture.with(options: ["--key-load-delay", "100"]) { redis in
            let pool = RedisPool(redis.settings)
            let fill = RedisScript("for key = 1, 2000 do redis.call('SET', key, key) end")
            _ = try await pool.run(fill, keys: [], [])
            for round in 0..<2 {
                try await redis.kill()
                // More than one link is needed, of which only the first was connected before.
                async let answers = withThrowingTaskGroup(of: Int?.self) { group in
                    for _ in 0..<20 { group.addTask { try await pool.command("INCR", "count").number } }
                    return try await group.reduce(into: Set<Int?>()) { $0.insert($1) }
                }
                try await redis.start()
                #expect(try await answers == Set(round * 20 + 1...(round + 1) * 20))
            }
        }
    }

    @Test func aRefusedConnectionIsAnErrorAndTheNextCallTriesAgain() async throws {
        try await RedisFixture.with { redis in
            let store = RedisStateStore(redis.settings)
            try await store.saveToken(name: "admin", hash: Samples.digest())
            try await redis.kill()
            let path = "\(redis.folder)/r.sock"
            let refused =
                "no answer from redis at \(path) (connection refused); see that redis-server runs and listens there"
            await #expect(throws: StoreError.unavailable(refused)) { try await store.tokens() }
            await #expect(throws: StoreError.unavailable(refused)) { try await store.begin(Samples.app()) }
            await #expect(throws: StoreError.unavailable(refused)) { try await store.events(Samples.app(), count: 1) }
            try await redis.start()
            #expect(try await store.tokens().count == 1)
        }
    }

    @Test(arguments: [
        (RedisSettings.Address.unix(path: "/nonexistent/r.sock"), "no such file or directory"),
        (.tcp(host: "127.0.0.1", port: 1), "connection refused"),
    ])
    func namesWhereNobodyListens(_ address: RedisSettings.Address, _ reason: String) async throws {
        let store = RedisStateStore(RedisSettings(address))
        let line = "no answer from redis at \(address) (\(reason)); see that redis-server runs and listens there"
        await #expect(throws: StoreError.unavailable(line)) { try await store.apps() }
    }

    @Test(arguments: [
        RedisSettings.Address.unix(path: "/tmp/" + String(repeating: "x", count: 103)),
        .tcp(host: "127.0.0.1", port: 70_000),
    ])
    func refusesAnAddressThatCannotBe(_ address: RedisSettings.Address) async throws {
        await #expect(throws: StoreError.self) { try await RedisStateStore(RedisSettings(address)).apps() }
    }

    @Test func aServerThatDoesNotAnswerIsGivenUp() async throws {
        try await RedisFixture.with { redis in
            let store = RedisStateStore(RedisSettings(redis.settings.address, timeout: try TimeSpan("200ms")))
            let patient = RedisStateStore(redis.settings)
            #expect(try await patient.apps() == [])
            redis.freeze(true)
            await #expect {
                try await store.apps()
            } throws: { error in
                "\(error)".contains("(nothing within 200ms)")
            }
            redis.freeze(false)
            #expect(try await patient.apps() == [])
        }
    }

    @Test func aClosedIdleConnectionIsReplaced() async throws {
        try await RedisFixture.with { redis in
            let link = RedisLink(redis.settings)
            _ = try await link.command(["SET", "key", "value"])
            for _ in 1...3 {
                _ = try await RedisLink(redis.settings).command(["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"])
                #expect(try await link.command(["GET", "key"]) == .bytes(Array("value".utf8)))
            }
        }
    }

    @Test func aStoreThatIsDroppedLetsGoOfItsConnections() async throws {
        try await RedisFixture.with { redis in
            let link = RedisLink(redis.settings)
            var store: RedisStateStore? = RedisStateStore(redis.settings)
            let ticks = try #require(store?.ticks())
            try await eventually("the store listens") {
                try await link.command(["PUBSUB", "NUMSUB", "forge:wake"]).elements?.last == .integer(1)
            }
            #expect(try await store?.apps() == [])
            store = nil
            try await eventually("only this test is connected") {
                try await link.command(["CLIENT", "LIST"]).text?.split(separator: "\n").count == 1
            }
            // The stream ends with its store.
            for await _ in ticks {}
        }
    }

    @Test func scriptsSurviveAFlush() async throws {
        try await RedisFixture.with { redis in
            let store = RedisStateStore(redis.settings)
            let first = try await store.begin(Samples.app())
            _ = try await store.pool.command("SCRIPT", "FLUSH")
            let at = Timestamp(number: 1)
            let next = try await store.commit(Samples.app(), .destroy, by: "x", at: at, expected: first.generation)
            #expect(next.generation == first.generation.next)
        }
    }

    @Test func aFullServerIsUnavailable() async throws {
        try await RedisFixture.with { redis in
            let store = RedisStateStore(redis.settings)
            _ = try await store.pool.command("CONFIG", "SET", "maxmemory", "1")
            let line = "redis at \(redis.folder)/r.sock is out of memory; raise its maxmemory"
            await #expect(throws: StoreError.unavailable(line)) { try await store.begin(Samples.app()) }
            #expect(try await store.apps() == [])
        }
    }

    @Test func aPasswordIsGivenAndNeverShown() async throws {
        try await RedisFixture.with { redis in
            let address = redis.settings.address
            _ = try await RedisLink(redis.settings).command(["CONFIG", "SET", "requirepass", "s3 cret\u{0}"])
            let known = RedisStateStore(RedisSettings(address, password: "s3 cret\u{0}"))
            #expect(try await known.apps() == [])
            _ = known.ticks()
            let wrong = RedisSettings(address, password: "n0pe")
            #expect("\(wrong)" == "\(redis.folder)/r.sock")
            for settings in [wrong, RedisSettings(address)] {
                await #expect {
                    try await RedisStateStore(settings).apps()
                } throws: { error in
                    "\(error)".contains("password") && !"\(error)".contains("n0pe")
                }
            }
        }
    }

    @Test(arguments: [
        ("LOADING Redis is loading the dataset in memory", "is still loading its data; try again in a moment"),
        (
            "MISCONF Errors writing to the AOF file",
            "cannot write to its disk; see its log, and free space in its folder"
        ),
        ("READONLY You can't write", "is a replica and takes no writes; give the address of the primary"),
        ("ERR what\r\never", "refused a command (ERR what ever)"),
    ])
    func explainsWhatAServerRefuses(_ reply: String, _ explanation: String) {
        let error = StoreError.refusal(reply, by: .unix(path: "/r.sock"), keys: [])
        #expect(error == .unavailable("redis at /r.sock \(explanation)"))
    }
}
