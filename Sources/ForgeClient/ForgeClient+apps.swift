// SPDX-License-Identifier: Apache-2.0

package import ForgeAPI
import ForgeHTTP
package import ForgeModel

extension ForgeClient {
    /// Every app.
    package func apps() async throws -> AppListDocument {
        try await exchange("GET", "/v1/apps", as: AppListDocument.self)
    }

    /// How one app stands; throws a `not-found` problem when there is none.
    package func status(_ app: AppName) async throws -> AppStatusDocument {
        try await exchange("GET", "/v1/apps/\(app)", as: AppStatusDocument.self)
    }

    /// Whether the API answers at all; needs no token.
    package func isHealthy() async -> Bool {
        let timeouts = HTTPRequest.Timeouts(connect: .seconds(2), idle: .seconds(5), total: .seconds(5))
        return (try? await send("GET", "/healthz", timeouts: timeouts)) != nil
    }
}
