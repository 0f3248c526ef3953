// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
package import ForgeModel

extension ForgeClient {
    /// What happens to a generation, from a position on until its result, whatever happens to the connection.
    ///
    /// - Parameter patience: how long the platform may be away before following it is given up.
    package func follow(
        _ app: AppName,
        generation: Generation,
        after position: String?,
        patience: Duration = .seconds(120)
    ) -> FollowedEvents {
        FollowedEvents(client: self, app: app, generation: generation, position: position, patience: patience)
    }

    /// One connection's worth of events.
    func events(
        _ app: AppName,
        generation: Generation,
        after position: String?
    ) async throws -> DocumentLines<StreamedEvent> {
        let after = position.map { "&after=\($0)" } ?? ""
        return try await lines("/v1/apps/\(app)/events?generation=\(generation)\(after)", of: StreamedEvent.self)
    }
}
