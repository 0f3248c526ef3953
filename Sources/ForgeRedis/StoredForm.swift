// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import FoundationEssentials

/// The JSON envelope of every value in Redis: `{"v":1,"value":…}` (specs/storage.md §8).
struct StoredForm<Value: Codable>: Codable {
    private enum Field: String, CodingKey { case version = "v", value }

    private struct UnknownVersion: Error { let version: Int }

    private let value: Value

    private init(_ value: Value) { self.value = value }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Field.self)
        let version = try fields.decode(Int.self, forKey: .version)
        guard version == 1 else { throw UnknownVersion(version: version) }
        value = try fields.decode(Value.self, forKey: .value)
    }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Field.self)
        try fields.encode(1, forKey: .version)
        try fields.encode(value, forKey: .value)
    }

    /// The text that is stored; equal values have equal texts.
    static func text(_ value: Value) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(StoredForm(value)), as: UTF8.self)
    }

    /// Reads what is stored under a key; throws `StoreError.corrupt`, which says where but not what: it may be a secret.
    static func value(_ reply: RedisReply, of key: String) throws -> Value {
        guard case .bytes(let bytes) = reply else { throw StoreError.unreadable(key, "it is not a string") }
        do {
            return try JSONDecoder().decode(StoredForm.self, from: Data(bytes)).value
        } catch let error as UnknownVersion {
            let problem = "form \(error.version) is newer than this forged, which knows form 1; run a newer one"
            throw StoreError.unreadable(key, problem)
        } catch let error as DecodingError {
            throw StoreError.unreadable(key, "wrong or missing at \(error.place)")
        }
    }
}

extension DecodingError {
    fileprivate var place: String {
        let path: [any CodingKey] =
            switch self {
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
                context.codingPath
            case .keyNotFound(let key, let context): context.codingPath + [key]
            @unknown default: []
            }
        return path.isEmpty ? "its start" : path.map(\.stringValue).joined(separator: ".")
    }
}
