// SPDX-License-Identifier: Apache-2.0

package import ForgeJSON
package import ForgeModel

/// The part of a live object that the platform has set, read from `managedFields` (specs/kubernetes.md §4).
package struct OwnedFields: Hashable, Sendable {
    /// The most fields of others that are told, so that nobody can fill our memory with theirs.
    private static let ownersLimit = 64
    /// The most bytes of another's value that are told.
    private static let valueLimit = 256

    /// The owned fields in canonical spelling: equal to `KubernetesObject.fields` when nobody has changed them.
    package let fields: FieldValue
    /// Fields that others have set and the platform has not, by the path that people read, with who, when and what:
    /// those among them that are wanted have been taken from us.
    package let owners: [String: FieldOwner]

    /// Projects a live object.
    package init(of live: JSONValue) {
        let kind = live["kind"]?.string ?? ""
        let entries = (live["metadata", "managedFields"]?.array ?? []).compactMap(Entry.init)
        let own = entries.first { $0.isOurs }
        fields = own.map { CanonicalFields.of($0.paths.projection(of: live)) } ?? .map([:])
        let known = Set(fields.leaves(listKey: KubernetesDialect.listKey).keys)
        var owners: [String: FieldOwner] = [:]
        for entry in entries where !entry.isOurs {
            let others = CanonicalFields.of(entry.paths.projection(of: live)).leaves(listKey: KubernetesDialect.listKey)
            for (path, value) in others.sorted(by: { $0.key < $1.key })
            where owners.count < Self.ownersLimit && !known.contains(path) {
                let shown = KubernetesDialect.shown(path, in: kind)
                owners[shown] = FieldOwner(
                    manager: entry.manager,
                    since: entry.time,
                    value: value.text.map { String($0.prefix(Self.valueLimit)) }
                )
            }
        }
        self.owners = owners
    }

    /// The fields as bytes, the same for equal ones: what a cache keeps.
    package var packed: [UInt8] { fields.json.bytes() }

    /// The fields that `packed` gave.
    ///
    /// Throws `JSONError` for bytes that are nothing of the kind.
    package static func fields(packed: [UInt8]) throws(JSONError) -> FieldValue {
        FieldValue(try JSONValue(parsing: packed))
    }

    /// One writer's entry.
    private struct Entry {
        let manager: String
        let isOurs: Bool
        let time: Timestamp?
        let paths: OwnedPaths

        init?(_ value: JSONValue) {
            guard let paths = value["fieldsV1"], let manager = value["manager"]?.string else { return nil }
            // What a controller writes to a status is nobody's wish.
            guard value["subresource"]?.string != "status" else { return nil }
            self.manager = String(manager.prefix(128))
            self.paths = OwnedPaths(paths)
            isOurs = manager == KubernetesLabel.manager && value["operation"]?.string == "Apply"
            time = value["time"]?.string.flatMap { CalendarTime($0.utf8)?.timestamp }
        }
    }
}

extension FieldValue {
    /// The same tree as JSON; what is known after the build is null.
    var json: JSONValue {
        switch self {
        case .text(let text): .string(text)
        case .map(let fields): .object(fields.mapValues(\.json))
        case .list(let items): .array(items.map(\.json))
        case .afterBuild: .null
        }
    }

    /// The tree that `json` gave.
    init(_ json: JSONValue) {
        switch json {
        case .object(let fields): self = .map(fields.mapValues(FieldValue.init))
        case .array(let items): self = .list(items.map(FieldValue.init))
        case .string(let text), .number(let text): self = .text(text)
        case .integer(let number): self = .text(String(number))
        case .bool(let flag): self = .text(String(flag))
        case .null: self = .afterBuild
        }
    }
}
