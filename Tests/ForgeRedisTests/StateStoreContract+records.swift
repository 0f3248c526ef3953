// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeModel
import Testing

extension StateStoreContract {
    static let recordRules = [
        StateStoreContract("a record comes back as it was saved") { store in
            let app = try Samples.app()
            _ = try await store.begin(app)
            let claim = try #require(try await store.take())
            let record = AppRecord(
                live: try Samples.release(1, of: app),
                settled: Generation(number: 2),
                failure: DeployFailure(
                    generation: Generation(number: 2),
                    step: "build",
                    message: "the build failed",
                    output: ["one", "two"],
                    at: Timestamp(number: 9)
                ),
                lastNumber: ReleaseNumber(number: 2)
            )
            try await store.save(record, claim)
            #expect(try await store.record(app) == record)
            try await store.save(AppRecord(), claim)
            #expect(try await store.record(app) == AppRecord())
        },
        StateStoreContract("a release is added and becomes the live one") { store in
            let app = try Samples.app()
            _ = try await store.begin(app)
            let claim = try #require(try await store.take())
            let releases = try (1...12).map { try Samples.release($0, of: app) }
            for release in releases + [releases[11]] {
                try await store.settle(AppRecord(settled: release.generation), release, Samples.result, claim)
            }
            #expect(try await store.releases(app, limit: 100) == releases.reversed())
            #expect(try await store.releases(app, limit: 2) == [releases[11], releases[10]])
            #expect(try await store.releases(app, limit: 0) == [])
            let record = try await store.record(app)
            #expect(record.live == releases[11])
            #expect(record.lastNumber == ReleaseNumber(number: 12))
            #expect(record.settled == Generation(number: 12))
        },
        StateStoreContract("whoever hears the result finds everything settled") { store in
            let app = try Samples.app()
            _ = try await store.begin(app)
            let claim = try #require(try await store.take())
            try await store.save(Samples.journal(1), claim)
            let record = AppRecord(settled: Generation(number: 1), lastNumber: ReleaseNumber(number: 4))
            try await store.settle(record, nil, Samples.result, claim)
            #expect(try await store.events(app, count: 1).map(\.event) == [Samples.result])
            #expect(try await store.record(app) == record)
            #expect(try await store.journal(app) == nil)
            #expect(try await store.releases(app, limit: 10) == [])
        },
        StateStoreContract("a journal is replaced and ended") { store in
            let app = try Samples.app()
            _ = try await store.begin(app)
            let claim = try #require(try await store.take())
            var journal = Samples.journal(1)
            try await store.save(journal, claim)
            journal.tasks = [Samples.task(of: app)]
            try await store.save(journal, claim)
            #expect(try await store.journal(app) == journal)
            try await store.save(Journal?.none, claim)
            #expect(try await store.journal(app) == nil)
        },
    ]
}
