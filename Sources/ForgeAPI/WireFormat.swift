// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// How documents are written on the wire: JSON with sorted keys, so that equal documents are equal bytes (specs/api.md §1).
package enum WireFormat {
    /// The version of the API, the first part of every path but `/healthz`.
    package static let version = "v1"
    /// The media type of a single document.
    package static let json = "application/json"
    /// The media type of an error (RFC 9457 §3).
    package static let problem = "application/problem+json"
    /// The media type of a stream: one document a line.
    package static let lines = "application/x-ndjson"
    /// The longest line of a stream in bytes: a plan of a large app fits.
    package static let maximumLine = 4 << 20

    /// The bytes of a document, without a line's end.
    package static func encode(_ document: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(document)
    }

    /// Reads a document; fields that are not known are skipped, so that both ends may be of different versions.
    package static func decode<Document: Decodable>(_ type: Document.Type, from data: Data) throws -> Document {
        try JSONDecoder().decode(type, from: data)
    }
}
