// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import ForgeClient
import ForgeModel

/// Waits until the loop has nothing left to do for some apps.
struct ReconcileWait {
    /// How long between two looks at the apps that are not there yet.
    private static let pause = Duration.milliseconds(500)

    private let client: ForgeClient
    private let session: Session

    init(_ client: ForgeClient, _ session: Session) {
        self.client = client
        self.session = session
    }

    /// How the apps are at the end: when nothing is left to do, or when the time is over.
    func run(_ app: AppName?, timeout: Duration) async throws -> FleetTally {
        let deadline = ContinuousClock.now + timeout
        var seen: [AppName: AppPlanDocument] = [:]
        if let app {
            seen[app] = try await client.standingPlan(app)
        } else {
            try await client.standingPlans { seen[$0.app] = $0 }
        }
        while let pending = pending(seen), ContinuousClock.now < deadline {
            try await Task.sleep(for: Self.pause)
            for app in pending { seen[app] = try await look(app) }
        }
        var tally = FleetTally()
        for (_, document) in seen.sorted(by: { $0.key < $1.key }) { tally.add(document) }
        return tally
    }

    /// Whether something is left to do. What is only reported is left as it is, and what cannot be seen is not waited for.
    func isPending(_ tally: FleetTally) -> Bool { tally.rows.contains(where: isPending) }

    private func isPending(_ app: AppPlanDocument) -> Bool {
        app.state == .deploying || app.changes != AppPlanDocument.Changes([])
    }

    private func pending(_ seen: [AppName: AppPlanDocument]) -> [AppName]? {
        let apps = seen.values.filter(isPending).map(\.app).sorted()
        return apps.isEmpty ? nil : apps
    }

    /// One look at an app that something was left to do for; nil when it is gone.
    private func look(_ app: AppName) async throws -> AppPlanDocument? {
        do {
            let document = try await client.standingPlan(app)
            if !isPending(document), !session.json { session.note("\(app) has nothing left to do") }
            return document
        } catch ClientError.refused(let problem) where problem.knownCode == .notFound {
            return nil
        }
    }
}
