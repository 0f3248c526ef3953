// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import ForgeEngine
import ForgeModel
import ForgePlan
import Hummingbird
import HummingbirdCore

/// What happens to an app: `GET /v1/apps/{app}/events` (specs/api.md §7). Only reads.
struct EventRoutes: Sendable {
    let parts: APIParts
    let heartbeat: Duration

    func add(to apps: RouterGroup<APIContext>) {
        apps.endpoint(":app/events", [.get: events])
    }

    @Sendable private func events(_ request: Request, _ context: APIContext) async throws -> Response {
        let app = try context.app()
        let after = try request.uri.queryParameters["after"].map { try EventPosition(String($0)) }
        let generation = try request.number("generation", in: 1...Int.max).map(Generation.init(number:))
        let stream = LineStream(
            elements: parts.store.events(app, after: after),
            heartbeat: heartbeat,
            heartbeatLine: try WireFormat.encode(StreamedEvent.heartbeat)
        ) { stored in
            try Self.line(stored, of: generation)
        }
        return stream.response(to: request)
    }

    /// The line of an event. With a generation, other generations' events are left out, and the stream ends with the
    /// result; when a newer generation has begun without one, the result is that it was superseded.
    static func line(_ stored: StoredEvent, of generation: Generation?) throws -> LineStream<StoredEvent>.Line? {
        let event = stored.event
        let position = stored.position.text
        guard let generation else {
            return .init(text: try WireFormat.encode(StreamedEvent.event(event, position: position)))
        }
        if event.generation < generation { return nil }
        guard event.generation > generation else {
            return .init(
                text: try WireFormat.encode(StreamedEvent.event(event, position: position)),
                isLast: event.kind == .result
            )
        }
        let end = DeployEvent(.result, generation: generation, at: event.at, outcome: .superseded)
        return .init(text: try WireFormat.encode(StreamedEvent.event(end, position: position)), isLast: true)
    }
}
