// SPDX-License-Identifier: Apache-2.0

package import ForgeAPI
import ForgeModel
package import ForgePlan

/// Goes through the events of one generation, up to its result (specs/api.md §7): the platform numbers them, so that
/// none is lost or comes twice.
package struct EventCursor: StreamCursor {
    let app: AppName
    let generation: Generation
    /// Behind which event it goes on; nil: from the oldest one.
    var position: String?
    package private(set) var isEnded = false

    init(_ app: AppName, _ generation: Generation, after position: String?) {
        self.app = app
        self.generation = generation
        self.position = position
    }

    /// The events behind the last one that was seen.
    package func path() -> String {
        "/v1/apps/\(app)/events?generation=\(generation)\(position.map { "&after=\($0)" } ?? "")"
    }

    /// The event of a line.
    package mutating func take(_ line: StreamedEvent) -> DeployEvent? {
        guard case .event(let event, let position) = line else { return nil }
        self.position = position ?? self.position
        isEnded = event.kind == .result
        return event
    }
}
