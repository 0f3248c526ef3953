// SPDX-License-Identifier: Apache-2.0

package import ForgeAPI
package import ForgeModel

extension ForgeClient {
    /// What the loop would do for one app, with the whole plan; throws a `not-found` problem when there is no such app.
    package func standingPlan(_ app: AppName) async throws -> AppPlanDocument {
        try await exchange("GET", "/v1/apps/\(app)/plan", as: AppPlanDocument.self)
    }

    /// What the loop would do for each app, one after the other as they are told.
    ///
    /// Throws `ClientError.interrupted` when the stream ends before every app was told: what is missing is not known.
    package func standingPlans(_ each: (AppPlanDocument) throws -> Void) async throws {
        for try await line in try await lines("/v1/plans", of: StreamedAppPlan.self) {
            switch line {
            case .app(let app): try each(app)
            case .end: return
            case .heartbeat, .other: continue
            }
        }
        throw ClientError.interrupted(endpoint: endpoint, reason: "the stream ended early")
    }

    /// Has the loop look at one app now, or at all of them; gives how many.
    package func reconcile(_ app: AppName?) async throws -> Int {
        let path = app.map { "/v1/apps/\($0)/reconcile" } ?? "/v1/reconcile"
        return try await exchange("POST", path, as: ReconcileAccepted.self).apps
    }
}
