// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import ForgeEngine
import ForgeModel
import HTTPTypes
import Hummingbird

/// What would be done: `POST /v1/apps/{app}/plans` (specs/api.md §4). Only reads.
struct PlanRoutes: Sendable {
    let parts: APIParts
    let maximumDocument: Int

    func add(to apps: RouterGroup<APIContext>) {
        apps.endpoint(":app/plans", [.post: plan])
    }

    @Sendable private func plan(_ request: Request, _ context: APIContext) async throws -> Response {
        let app = try context.app()
        let asked = try await request.document(PlanRequest.self, limit: maximumDocument)
        let wish = try Self.wish(asked, app)
        let desired = try await parts.store.desired(app)
        if wish == .destroy, desired == nil { throw Problem.noApp(app) }
        let proposal = try await parts.plans.propose(app, wish)
        return try Response.document(
            PlanResponse(
                plan: proposal.document,
                needsSource: proposal.needsSource,
                changesWish: desired?.wish != wish,
                expected: proposal.expected
            )
        )
    }

    private static func wish(_ asked: PlanRequest, _ app: AppName) throws -> Wish {
        if asked.destroy == true { return .destroy }
        guard let manifest = asked.manifest, let source = asked.source else {
            throw Problem(
                .invalidRequest,
                status: .badRequest,
                "a plan needs 'manifest' and 'source', or 'destroy': true"
            )
        }
        try ManifestCheck(manifest).check(app)
        return .run(manifest, source: source)
    }
}
