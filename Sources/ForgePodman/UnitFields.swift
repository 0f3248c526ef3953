// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import FoundationEssentials

/// The fields of a set of containers as one JSON text: what a label keeps of them (specs/podman.md §3).
struct UnitFields: Hashable, Sendable, Codable {
    /// The fields, without `instances`.
    let fields: [String: FieldValue]

    /// Holds fields.
    init(_ fields: [String: FieldValue]) { self.fields = fields }

    /// Reads a label; nil when it is not one of ours.
    init?(json: String) {
        guard let read = try? JSONDecoder().decode(Self.self, from: Data(json.utf8)) else { return nil }
        self = read
    }

    /// The text, the same for equal fields.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// Reads an object of texts and objects.
    init(from decoder: any Decoder) throws {
        fields = try decoder.singleValueContainer().decode([String: Node].self).mapValues(\.value)
    }

    /// Writes an object of texts and objects.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(fields.mapValues(Node.init))
    }

    /// A text field by its path.
    subscript(path: String...) -> String? {
        var value: FieldValue? = .map(fields)
        for name in path {
            guard case .map(let fields) = value else { return nil }
            value = fields[name]
        }
        guard case .text(let text) = value else { return nil }
        return text
    }

    /// The healthcheck; `.none` when it cannot be read, for then nothing can be asked.
    var healthcheck: Healthcheck {
        let grace = self["healthcheck", "grace"].flatMap { try? TimeSpan($0) } ?? Healthcheck.defaultGrace
        switch self["healthcheck", "type"] {
        case "tcp": return .tcp(grace: grace)
        case "http": return .http(path: self["healthcheck", "path"] ?? "/", grace: grace)
        default: return .none
        }
    }
}

/// One value as plain JSON.
private struct Node: Codable {
    let value: FieldValue

    init(_ value: FieldValue) { self.value = value }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            value = .text(text)
        } else {
            value = .map(try container.decode([String: Node].self).mapValues(\.value))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch value {
        case .text(let text): try container.encode(text)
        case .map(let fields): try container.encode(fields.mapValues(Node.init))
        case .list(let items): try container.encode(items.map(Node.init))
        case .afterBuild: try container.encodeNil()
        }
    }
}
