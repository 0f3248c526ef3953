// SPDX-License-Identifier: Apache-2.0

import ForgeJSON

/// A set of paths of an object as `managedFields` writes it (structured-merge-diff, fieldpath: FieldsV1).
///
/// `f:name` is a field, `k:{…}` the item of a list with these keys, `v:…` a value in a list; an empty set under one of
/// them is all of it, `.` the thing itself without what is in it.
struct OwnedPaths: Sendable {
    private let root: JSONValue

    /// Reads `fieldsV1`.
    init(_ fieldsV1: JSONValue) { root = fieldsV1 }

    /// The part of a live object that these paths lead to; paths that lead nowhere any more are left out.
    func projection(of live: JSONValue) -> JSONValue { Self.project(live, root) ?? [:] }

    private static func project(_ live: JSONValue, _ paths: JSONValue) -> JSONValue? {
        guard let children = paths.object, !children.isEmpty else { return live }
        switch live {
        case .object(let fields):
            var result: [String: JSONValue] = [:]
            for (name, below) in children where name.hasPrefix("f:") {
                let field = String(name.dropFirst(2))
                // Servers leave an empty text out of what they show; of a variable's value that has to be told.
                let value = fields[field] ?? (field == "value" ? "" : nil)
                result[field] = value.flatMap { project($0, below) }
            }
            return .object(result)
        case .array(let items):
            let selectors = children.compactMap { Selector($0.key, below: $0.value) }
            return .array(
                items.compactMap { item in
                    selectors.first { $0.selects(item) }.flatMap { selector in
                        project(item, selector.below).map(selector.naming)
                    }
                }
            )
        default: return children.keys.contains(".") ? live : nil
        }
    }

    /// What names one item of a list.
    private struct Selector {
        enum Name {
            case keys([String: JSONValue])
            case value(JSONValue)
        }

        let name: Name
        let below: JSONValue

        init?(_ text: String, below: JSONValue) {
            guard let value = try? JSONValue(parsing: Array(text.utf8.dropFirst(2))) else { return nil }
            self.below = below
            if text.hasPrefix("k:"), let keys = value.object {
                name = .keys(keys)
            } else if text.hasPrefix("v:") {
                name = .value(value)
            } else {
                return nil
            }
        }

        func selects(_ item: JSONValue) -> Bool {
            switch name {
            case .value(let value): item == value
            case .keys(let keys): keys.allSatisfy { key, value in (item[key] ?? Self.defaults[key]) == value }
            }
        }

        /// The item with its keys, which are in the path whoever owns them.
        func naming(_ item: JSONValue) -> JSONValue {
            guard case .keys(let keys) = name, let fields = item.object else { return item }
            return .object(fields.merging(keys) { own, _ in own })
        }

        /// Keys that an item may leave out.
        private static let defaults: [String: JSONValue] = ["protocol": "TCP"]
    }
}
