// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeModel
import ForgePlan
import ForgeTesting
import Testing

/// Values that tests store.
enum Samples {
    static func app(_ name: String = "shop") throws -> AppName { try AppName(name) }

    static func digest(_ digit: Character = "a") throws -> Digest {
        try Digest("sha256:" + String(repeating: digit, count: 64))
    }

    static func wish(_ app: AppName, env: [String: String] = [:]) throws -> Wish {
        let manifest = AppManifest(
            name: app,
            env: env,
            release: .shell("bin/migrate"),
            processes: [
                .web: .defaults(for: .web), try ProcessType("worker"): .defaults(for: try ProcessType("worker")),
            ]
        )
        return .run(manifest, source: try digest())
    }

    static func release(_ number: Int, of app: AppName) throws -> Release {
        Release(
            number: ReleaseNumber(number: number),
            generation: Generation(number: number),
            manifest: AppManifest(name: app, env: ["N": "\(number)"]),
            source: try digest(),
            buildKey: try BuildKey(String(repeating: "b", count: 64)),
            image: try digest("c"),
            imageProcesses: [.web],
            createdBy: "admin",
            createdAt: Timestamp(number: 1_700_000_000_000 + number)
        )
    }

    static func journal(_ generation: Int) -> Journal {
        var journal = Journal(generation: Generation(number: generation))
        journal.entries.append(Journal.Entry(step: "build", startedAt: Timestamp(number: 5)))
        journal.attempts = 2
        return journal
    }

    static func task(_ name: String = "shop-build-1", of app: AppName, generation: Int = 1) -> ClusterTask {
        ClusterTask(
            name: name,
            app: app,
            kind: .build,
            generation: Generation(number: generation),
            phases: [],
            timeout: TimeSpan(seconds: 60)
        )
    }

    static let result = DeployEvent(
        .result,
        generation: Generation(number: 1),
        at: Timestamp(number: 99),
        outcome: .succeeded
    )

    static func events(_ numbers: Range<Int>) -> [DeployEvent] {
        numbers.map { number in
            DeployEvent(
                .progress,
                generation: Generation(number: 1),
                at: Timestamp(number: number),
                detail: "event \(number)"
            )
        }
    }
}

extension StateStore {
    /// Accepts a wish for an app that is not known yet.
    func begin(_ app: AppName) async throws -> DesiredApp {
        try await commit(app, Samples.wish(app), by: "admin", at: Timestamp(number: 1), expected: nil)
    }

    /// Takes an app that is due, for so long that no test sees the end of it.
    func take(_ worker: String = "one") async throws -> Claim? {
        try await claim(worker: worker, lease: TimeSpan(seconds: 3600))
    }

    /// Takes the app that becomes due next, or whose lease ends next.
    func takeNext(_ worker: String = "one") async throws -> Claim {
        var claim: Claim?
        try await eventually("an app is due") {
            claim = try await take(worker)
            return claim != nil
        }
        return try #require(claim)
    }

    /// The first events after a position, as many as asked for.
    func events(_ app: AppName, after position: EventPosition? = nil, count: Int) async throws -> [StoredEvent] {
        var events: [StoredEvent] = []
        for try await event in self.events(app, after: position) {
            events.append(event)
            if events.count == count { break }
        }
        return events
    }
}
