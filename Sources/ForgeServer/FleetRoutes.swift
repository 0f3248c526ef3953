// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import ForgeEngine
import ForgeModel
import ForgePlan
import HTTPTypes
import Hummingbird
import Logging

/// What the loop would do with what is wanted already, and waking it: `GET /v1/plans`, `GET /v1/apps/{app}/plan`,
/// `POST /v1/reconcile`, `POST /v1/apps/{app}/reconcile` (specs/api.md §11). Waking changes no wish.
struct FleetRoutes: Sendable {
    let parts: APIParts
    let heartbeat: Duration

    /// The endpoints of one app.
    func addApp(to apps: RouterGroup<APIContext>) {
        apps.endpoint(":app/plan", [.get: plan])
        apps.endpoint(":app/reconcile", [.post: reconcile])
    }

    /// The endpoints of all apps.
    func addFleet(to version: RouterGroup<APIContext>) {
        version.endpoint("plans", [.get: plans])
        version.endpoint("reconcile", [.post: reconcileAll])
    }

    @Sendable private func plan(_ request: Request, _ context: APIContext) async throws -> Response {
        let app = try context.app()
        guard let standing = try await parts.plans.standing(app) else { throw Problem.noApp(app) }
        return try Response.document(
            AppPlanDocument(standing.document, isUnderWay: standing.isUnderWay, isWhole: true)
        )
    }

    @Sendable private func plans(_ request: Request, _ context: APIContext) async throws -> Response {
        let review = FleetReview(apps: try await parts.store.apps(), plans: parts.plans, logger: context.logger)
        let stream = LineStream(
            elements: review.lines(),
            heartbeat: heartbeat,
            heartbeatLine: try WireFormat.encode(StreamedAppPlan.heartbeat)
        ) { line in
            var isLast = false
            if case .end = line { isLast = true }
            return .init(text: try WireFormat.encode(line), isLast: isLast)
        }
        return stream.response(to: request)
    }

    @Sendable private func reconcile(_ request: Request, _ context: APIContext) async throws -> Response {
        let app = try context.app()
        guard try await parts.store.desired(app) != nil else { throw Problem.noApp(app) }
        try await parts.store.wake(app, after: nil)
        return try Response.document(ReconcileAccepted(apps: 1), status: .accepted)
    }

    @Sendable private func reconcileAll(_ request: Request, _ context: APIContext) async throws -> Response {
        let apps = try await parts.store.apps()
        for app in apps { try await parts.store.wake(app, after: nil) }
        return try Response.document(ReconcileAccepted(apps: apps.count), status: .accepted)
    }
}
