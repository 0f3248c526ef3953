// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import HTTPTypes
import Hummingbird

/// How apps stand: `GET /v1/apps` and `GET /v1/apps/{app}` (specs/api.md §8). Only reads.
struct AppRoutes: Sendable {
    let parts: APIParts

    func add(to apps: RouterGroup<APIContext>) {
        apps.endpoint("", [.get: list])
    }

    /// Every app; its path answers to nothing else.
    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        try Response.document(AppListDocument(apps: try await parts.status.statuses()))
    }

    /// One app; `DeployRoutes` adds it, because its path can be deleted too.
    @Sendable func show(_ request: Request, _ context: APIContext) async throws -> Response {
        let app = try context.app()
        guard let status = try await parts.status.status(app) else { throw Problem.noApp(app) }
        return try Response.document(status)
    }
}
