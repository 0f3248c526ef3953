// SPDX-License-Identifier: Apache-2.0

package import ForgeAPI
package import ForgeModel

extension ForgeClient {
    /// Commits a plan that was shown. From then on the platform works by itself.
    package func deploy(_ request: DeployRequest) async throws -> DeployAccepted {
        try await exchange("POST", "/v1/apps/\(request.manifest.name)/deploys", request, as: DeployAccepted.self)
    }

    /// Commits the removal of an app whose plan was shown.
    package func destroy(_ app: AppName, fingerprint: Digest) async throws -> DeployAccepted {
        try await exchange("DELETE", "/v1/apps/\(app)?fingerprint=\(fingerprint)", as: DeployAccepted.self)
    }
}
