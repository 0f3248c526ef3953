// SPDX-License-Identifier: Apache-2.0

package import ForgePlan

/// One line of an event stream: an event with its position, or a sign of life (specs/api.md §7).
///
/// On the wire the position is one more field of the event.
package enum StreamedEvent: Hashable, Sendable, Codable {
    /// Something happened. A stream that is asked for what came after `position` starts with the next one.
    case event(DeployEvent, position: String?)
    /// Nothing happened for a while, and the server is there.
    case heartbeat
    /// Something that a newer server says, to be skipped.
    case other(kind: String)

    private enum Key: String, CodingKey { case kind, position }
    private static let heartbeatKind = "heartbeat"

    /// Reads a line.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let kind = try container.decode(String.self, forKey: .kind)
        if kind == Self.heartbeatKind {
            self = .heartbeat
        } else if DeployEvent.Kind(rawValue: kind) == nil {
            self = .other(kind: kind)
        } else {
            let position = try container.decodeIfPresent(String.self, forKey: .position)
            self = .event(try DeployEvent(from: decoder), position: position)
        }
    }

    /// Writes a line.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .event(let event, let position):
            try container.encodeIfPresent(position, forKey: .position)
            try event.encode(to: encoder)
        case .heartbeat: try container.encode(Self.heartbeatKind, forKey: .kind)
        case .other(let kind): try container.encode(kind, forKey: .kind)
        }
    }
}
