// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeModel
import ForgeTesting
import Testing

extension StateStoreContract {
    static let leaseRules = [
        StateStoreContract("an app is worked on by one worker") { store in
            for name in ["api", "blog", "shop"] { _ = try await store.begin(Samples.app(name)) }
            let claims = try await withThrowingTaskGroup(of: Claim?.self) { group in
                for worker in 0..<12 { group.addTask { try await store.take("worker \(worker)") } }
                return try await group.reduce(into: [Claim]()) { $0 += [$1].compactMap(\.self) }
            }
            #expect(claims.map(\.app).sorted() == [try Samples.app("api"), try Samples.app("blog"), try Samples.app()])
            #expect(try await store.take() == nil)
        },
        StateStoreContract("a lease that is over goes to the next worker, and the old one writes nothing") { store in
            let app = try Samples.app()
            _ = try await store.commit(app, .destroy, by: "admin", at: Timestamp(number: 1), expected: nil)
            let old = try #require(try await store.claim(worker: "old", lease: TimeSpan("50ms")))
            let new = try await store.takeNext("new")
            #expect(new.app == app)
            #expect(new.token > old.token)
            #expect(new.worker == "new")

            let lost = StoreError.lostLease(app)
            await #expect(throws: lost) { try await store.save(AppRecord(settled: Generation(number: 1)), old) }
            await #expect(throws: lost) { try await store.save(Samples.journal(1), old) }
            await #expect(throws: lost) { try await store.save(Journal?.none, old) }
            await #expect(throws: lost) {
                try await store.settle(AppRecord(), Samples.release(1, of: app), Samples.result, old)
            }
            await #expect(throws: lost) { try await store.renew(old, lease: TimeSpan(seconds: 60)) }
            await #expect(throws: lost) { try await store.forget(Samples.result, old) }
            try await store.finish(old, again: nil)

            #expect(try await store.record(app) == AppRecord())
            #expect(try await store.desired(app) != nil)
            try await store.save(Samples.journal(1), new)
            try await store.renew(new, lease: TimeSpan(seconds: 60))
            #expect(try await store.journal(app) == Samples.journal(1))
        },
        StateStoreContract("a renewed lease ends when the renewal says") { store in
            let app = try Samples.app()
            _ = try await store.begin(app)
            let claim = try #require(try await store.take())
            try await store.renew(claim, lease: TimeSpan("20ms"))
            let next = try await store.takeNext("two")
            #expect(next.app == app)
        },
        StateStoreContract("a finished claim writes nothing") { store in
            let app = try Samples.app()
            _ = try await store.begin(app)
            let claim = try #require(try await store.take())
            try await store.finish(claim, again: nil)
            await #expect(throws: StoreError.lostLease(app)) { try await store.save(AppRecord(), claim) }
            await #expect(throws: StoreError.lostLease(app)) {
                try await store.renew(claim, lease: TimeSpan(seconds: 1))
            }
            try await store.finish(claim, again: TimeSpan("1ms"))
            #expect(try await store.take() == nil)
        },
    ]

    static let readySetRules = [
        StateStoreContract("the app that is due longest comes first") { store in
            let names = ["zoo", "shop", "api"]
            for name in names {
                try await store.wake(Samples.app(name), after: nil)
                // The next one is due at a later millisecond.
                let due = ContinuousClock.now
                try await eventually("time has passed") { ContinuousClock.now > due + .milliseconds(3) }
            }
            for name in names { #expect(try await store.take()?.app.text == name) }
        },
        StateStoreContract("an app that is woken while it is worked on is worked on again, once") { store in
            let app = try Samples.app()
            _ = try await store.begin(app)
            for _ in 1...2 {
                let claim = try #require(try await store.take())
                try await store.wake(app, after: nil)
                try await store.wake(app, after: nil)
                #expect(try await store.take() == nil)
                try await store.finish(claim, again: TimeSpan(seconds: 3600))
            }
            let claim = try #require(try await store.take())
            try await store.finish(claim, again: nil)
            #expect(try await store.take() == nil)
        },
        StateStoreContract("an app that is woken for later while it is worked on is due then") { store in
            let app = try Samples.app()
            _ = try await store.begin(app)
            let claim = try #require(try await store.take())
            try await store.wake(app, after: TimeSpan("50ms"))
            try await store.finish(claim, again: nil)
            #expect(try await store.takeNext().app == app)
        },
        StateStoreContract("a finished app comes back after its delay") { store in
            let app = try Samples.app()
            _ = try await store.begin(app)
            let first = try #require(try await store.take())
            try await store.finish(first, again: TimeSpan("50ms"))
            let second = try await store.takeNext()
            #expect(second.app == app)
            #expect(second.token > first.token)
            try await store.finish(second, again: TimeSpan(seconds: 3600))
            #expect(try await store.take() == nil)
        },
        StateStoreContract("of two wakes the sooner counts") { store in
            let shop = try Samples.app()
            try await store.wake(shop, after: TimeSpan(seconds: 3600))
            #expect(try await store.take() == nil)
            try await store.wake(shop, after: nil)
            try await store.wake(shop, after: TimeSpan(seconds: 3600))
            #expect(try await store.take()?.app == shop)
        },
        StateStoreContract("a worker that waits for ticks finds what is due") { store in
            let app = try Samples.app()
            let ticks = store.ticks()
            async let claimed = claim(after: ticks, from: store)
            _ = try await store.begin(app)
            #expect(try await claimed?.app == app)
        },
    ]

    private static func claim(after ticks: AsyncStream<Void>, from store: any StateStore) async throws -> Claim? {
        for await _ in ticks {
            if let claim = try await store.take() { return claim }
        }
        return nil
    }
}
