// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
package import ForgeModel

extension ForgeClient {
    /// Stores a source tree: `size` bytes that have that digest. They are read only as fast as the platform takes them.
    package func upload(
        _ source: Digest,
        of app: AppName,
        size: Int64,
        bytes: any AsyncSequence<[UInt8], any Error> & Sendable
    ) async throws {
        let response = try await send(
            "PUT",
            "/v1/apps/\(app)/sources/\(source)",
            body: .stream(length: size, bytes),
            contentType: "application/x-tar",
            // The answer comes only after the registry has it all.
            timeouts: HTTPRequest.Timeouts(idle: .seconds(300))
        )
        _ = try await attempt { try await response.body.collect(limit: 1 << 10) }
    }
}
