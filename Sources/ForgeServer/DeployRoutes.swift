// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import ForgeEngine
import ForgeModel
import ForgePlan
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Commits: `POST /v1/apps/{app}/deploys` and `DELETE /v1/apps/{app}` (specs/api.md §6), the only places that write a
/// wish. Both plan anew and commit only what the caller was shown.
struct DeployRoutes: Sendable {
    let parts: APIParts
    let maximumDocument: Int

    func add(to apps: RouterGroup<APIContext>) {
        apps.endpoint(":app/deploys", [.post: deploy])
        apps.endpoint(":app", [.get: AppRoutes(parts: parts).show, .delete: destroy])
    }

    @Sendable private func deploy(_ request: Request, _ context: APIContext) async throws -> Response {
        let app = try context.app()
        let asked = try await request.document(DeployRequest.self, limit: maximumDocument)
        try ManifestCheck(asked.manifest).check(app)
        let wish = Wish.run(asked.manifest, source: asked.source)
        let proposal = try await proposal(app, wish, shown: asked.fingerprint)
        guard proposal.expected == asked.expected else { throw Self.stale(proposal.document) }
        guard !proposal.needsSource else {
            throw Problem(
                .sourceMissing,
                status: .conflict,
                "the source \(asked.source.short) is not stored; PUT it to /v1/apps/\(app)/sources/\(asked.source) first"
            )
        }
        return try await commit(app, wish, expected: asked.expected, by: context.caller)
    }

    @Sendable private func destroy(_ request: Request, _ context: APIContext) async throws -> Response {
        let app = try context.app()
        let shown = try Digest(request.uri.queryParameters["fingerprint"].map(String.init) ?? "")
        guard try await parts.store.desired(app) != nil else { throw Problem.noApp(app) }
        let proposal = try await proposal(app, .destroy, shown: shown)
        return try await commit(app, .destroy, expected: proposal.expected, by: context.caller)
    }

    /// The plan as it is now, if it can be committed and is the one that was shown.
    private func proposal(_ app: AppName, _ wish: Wish, shown: Digest) async throws -> Proposal {
        let proposal = try await parts.plans.propose(app, wish)
        if let obstacle = Problem.obstacle(proposal.document) { throw obstacle }
        guard proposal.document.fingerprint == shown else { throw Self.stale(proposal.document) }
        return proposal
    }

    private func commit(
        _ app: AppName,
        _ wish: Wish,
        expected: Generation?,
        by caller: String?
    ) async throws -> Response {
        // Read before the commit: whoever watches from there on misses nothing of the new generation.
        let after = try await parts.store.lastEvent(app)
        let desired = try await parts.store.commit(
            app,
            wish,
            by: caller ?? "unknown",
            at: parts.now(),
            expected: expected
        )
        let accepted = DeployAccepted(
            generation: desired.generation,
            events: "/v1/apps/\(app)/events?generation=\(desired.generation)",
            after: after?.text
        )
        return try Response.document(accepted, status: .accepted)
    }

    private static func stale(_ plan: PlanDocument) -> Problem {
        Problem(
            .stalePlan,
            status: .conflict,
            "\(plan.app) has changed since the plan was made; look at the new plan and deploy again",
            plan: plan
        )
    }
}
