// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeModel
import Testing

extension StateStoreContract {
    static let desiredRules = [
        StateStoreContract("an empty store knows nothing") { store in
            let app = try Samples.app()
            #expect(try await store.apps() == [])
            #expect(try await store.desired(app) == nil)
            #expect(try await store.record(app) == AppRecord())
            #expect(try await store.journal(app) == nil)
            #expect(try await store.releases(app, limit: 10) == [])
            #expect(try await store.lastEvent(app) == nil)
            #expect(try await store.tokens() == [:])
            #expect(try await store.take() == nil)
        },
        StateStoreContract("a commit makes the generation after the expected one") { store in
            let app = try Samples.app()
            let wish = try Samples.wish(app)
            let first = try await store.commit(app, wish, by: "admin", at: Timestamp(number: 7), expected: nil)
            #expect(
                first
                    == DesiredApp(
                        generation: Generation(number: 1),
                        wish: wish,
                        requestedBy: "admin",
                        requestedAt: Timestamp(number: 7)
                    )
            )
            #expect(try await store.desired(app) == first)
            let at = Timestamp(number: 8)
            let second = try await store.commit(app, .destroy, by: "ci", at: at, expected: first.generation)
            #expect(second.generation == Generation(number: 2))
            #expect(try await store.desired(app) == second)
            _ = try await store.begin(Samples.app("api"))
            #expect(try await store.apps() == [Samples.app("api"), app])
        },
        StateStoreContract("a commit that expects another generation changes nothing") { store in
            let app = try Samples.app()
            let at = Timestamp(number: 1)
            await #expect(throws: StoreError.stale(current: nil)) {
                try await store.commit(app, .destroy, by: "ci", at: at, expected: Generation(number: 1))
            }
            #expect(try await store.apps() == [])
            let first = try await store.begin(app)
            for expected in [nil, Generation(number: 2)] {
                await #expect(throws: StoreError.stale(current: first.generation)) {
                    try await store.commit(app, .destroy, by: "ci", at: at, expected: expected)
                }
            }
            #expect(try await store.desired(app) == first)
        },
        StateStoreContract("of commits at the same time one wins") { store in
            let app = try Samples.app()
            let first = try await store.begin(app)
            let winners = await withTaskGroup(of: DesiredApp?.self) { group in
                for name in 0..<8 {
                    group.addTask {
                        let at = Timestamp(number: 1)
                        return try? await store.commit(app, .destroy, by: "\(name)", at: at, expected: first.generation)
                    }
                }
                return await group.reduce(into: []) { $0 += [$1].compactMap(\.self) }
            }
            #expect(winners.count == 1)
            #expect(try await store.desired(app) == winners.first)
        },
        StateStoreContract("a thousand commits keep their order") { store in
            let app = try Samples.app()
            var current = try await store.begin(app)
            for number in 2...1001 {
                let by = "token \(number)"
                let at = Timestamp(number: number)
                current = try await store.commit(app, current.wish, by: by, at: at, expected: current.generation)
                #expect(current.generation == Generation(number: number))
            }
            #expect(try await store.desired(app) == current)
        },
        StateStoreContract("any text comes back as it was") { store in
            let app = try Samples.app()
            let text = "a\u{0}b\r\n\t\"\\/ äé✓ \u{1F680} \u{2028}\u{FEFF}\u{FFFD}"
            let wish = try Samples.wish(app, env: ["TEXT": text, "EMPTY": "", text: "key"])
            let commit = try await store.commit(app, wish, by: text, at: Timestamp(number: 1), expected: nil)
            #expect(commit.wish == wish)
            #expect(try await store.desired(app) == commit)
        },
        StateStoreContract("a forgotten app keeps its numbers and its events") { store in
            let app = try Samples.app()
            let at = Timestamp(number: 1)
            let first = try await store.begin(app)
            let claim = try #require(try await store.take())
            try await store.settle(AppRecord(), Samples.release(3, of: app), Samples.result, claim)
            try await store.save(Samples.journal(1), claim)
            try await store.append(Samples.events(0..<2), of: app)
            _ = try await store.commit(app, .destroy, by: "admin", at: at, expected: first.generation)
            try await store.forget(Samples.result, claim)
            try await store.forget(Samples.result, claim)
            try await store.finish(claim, again: nil)

            #expect(try await store.apps() == [])
            #expect(try await store.desired(app) == nil)
            #expect(try await store.releases(app, limit: 10) == [])
            #expect(try await store.journal(app) == nil)
            #expect(try await store.record(app) == AppRecord(lastNumber: ReleaseNumber(number: 3)))
            let told = [Samples.result] + Samples.events(0..<2) + [Samples.result, Samples.result]
            #expect(try await store.events(app, count: 5).map(\.event) == told)
            #expect(try await store.take() == nil)
            #expect(try await store.begin(app).generation == Generation(number: 3))
        },
        StateStoreContract("an app that is wanted is not forgotten") { store in
            let app = try Samples.app()
            let wanted = try await store.begin(app)
            let claim = try #require(try await store.take())
            await #expect(throws: StoreError.stale(current: wanted.generation)) {
                try await store.forget(Samples.result, claim)
            }
            #expect(try await store.lastEvent(app) == nil)
            #expect(try await store.desired(app) == wanted)
        },
    ]
}
