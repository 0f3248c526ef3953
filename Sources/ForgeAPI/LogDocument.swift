// SPDX-License-Identifier: Apache-2.0

package import ForgeModel

/// One line that a process of an app wrote (specs/api.md §9).
package struct LogDocument: Hashable, Sendable, Codable {
    /// When it was written.
    package let at: Timestamp
    /// The process type.
    package let process: ProcessType
    /// The container, in few letters: `web.7f3a`.
    package let instance: String
    /// The line without its end.
    package let text: String

    /// Holds a line.
    package init(at: Timestamp, process: ProcessType, instance: String, text: String) {
        self.at = at
        self.process = process
        self.instance = instance
        self.text = text
    }
}

/// One line of a log stream: a log line, or a sign of life.
package enum StreamedLog: Hashable, Sendable, Codable {
    /// A line was written.
    case line(LogDocument)
    /// Nothing was written for a while, and the server is there.
    case heartbeat

    private enum Key: String, CodingKey { case kind }

    /// Reads a line.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self = container.contains(.kind) ? .heartbeat : .line(try LogDocument(from: decoder))
    }

    /// Writes a line.
    package func encode(to encoder: any Encoder) throws {
        switch self {
        case .line(let document): try document.encode(to: encoder)
        case .heartbeat:
            var container = encoder.container(keyedBy: Key.self)
            try container.encode("heartbeat", forKey: .kind)
        }
    }
}
