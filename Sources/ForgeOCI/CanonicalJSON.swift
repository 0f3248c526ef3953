// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// JSON whose bytes depend only on the value: keys sorted, no white space, slashes as they are.
package enum CanonicalJSON {
    /// The largest document that is read, as registries limit manifests (distribution-spec, pushing manifests).
    package static let limit = 4 << 20

    /// Writes a value.
    package static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(value))
    }

    /// Reads a value; `kind` names the document in the error. Throws ``MalformedDocument``.
    package static func decode<Value: Decodable>(
        _ type: Value.Type,
        from bytes: [UInt8],
        kind: String
    ) throws -> Value {
        guard bytes.count <= limit else {
            throw MalformedDocument(kind: kind, reason: "it has \(bytes.count) bytes, at most \(limit) are read")
        }
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch let error as DecodingError {
            throw MalformedDocument(kind: kind, reason: error.placeAndReason)
        }
    }
}

/// A document from a registry or a file that is not what it should be.
package struct MalformedDocument: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of document: `image manifest`.
    package let kind: String
    /// What is wrong with it.
    package let reason: String

    /// Describes a refused document.
    package init(kind: String, reason: String) {
        self.kind = kind
        self.reason = reason
    }

    /// One line for a person.
    package var description: String { "the \(kind) cannot be used: \(reason)" }
}

extension DecodingError {
    /// The path of the offending value and what is wrong with it, without any of its content.
    var placeAndReason: String {
        let (context, problem) =
            switch self {
            case .typeMismatch(_, let context): (context, "has the wrong type")
            case .valueNotFound(_, let context): (context, "is missing")
            case .keyNotFound(let key, let context): (context, "has no '\(key.stringValue)'")
            case .dataCorrupted(let context): (context, context.debugDescription)
            @unknown default: (Context(codingPath: [], debugDescription: ""), "cannot be decoded")
            }
        let path = context.codingPath.map(\.stringValue).joined(separator: ".")
        return path.isEmpty ? problem : "\(path) \(problem)"
    }
}
