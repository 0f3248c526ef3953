// SPDX-License-Identifier: Apache-2.0

package import ForgeAPI
package import ForgeModel

extension ForgeClient {
    /// What a deploy would do. Writes nothing.
    package func plan(_ manifest: AppManifest, source: Digest) async throws -> PlanResponse {
        try await exchange(
            "POST",
            "/v1/apps/\(manifest.name)/plans",
            PlanRequest(manifest: manifest, source: source),
            as: PlanResponse.self
        )
    }

    /// What removing an app would do. Writes nothing.
    package func planOfRemoval(_ app: AppName) async throws -> PlanResponse {
        try await exchange("POST", "/v1/apps/\(app)/plans", PlanRequest.destroy, as: PlanResponse.self)
    }
}
