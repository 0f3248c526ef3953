// SPDX-License-Identifier: Apache-2.0

/// The value at the end of a path of a tree of fields.
package enum FieldLeaf: Hashable, Sendable {
    /// A text.
    case text(String)
    /// What only the build will tell.
    case afterBuild

    /// The text, if it is known.
    package var text: String? { if case .text(let text) = self { text } else { nil } }
}

extension FieldValue {
    /// The leaves by path (specs/plan.md §3): names joined by dots, the items of a list by their key or position. An
    /// empty map or list is no leaf, so that empty equals absent. The key of an item is in the path, and no leaf.
    ///
    /// - Parameter listKey: the field that identifies the items of the list at a path; nil compares by position.
    package func leaves(listKey: (_ path: [String]) -> String?) -> [String: FieldLeaf] {
        var leaves: [String: FieldLeaf] = [:]
        collect(into: &leaves, shown: "", path: [], listKey: listKey)
        return leaves
    }

    private func collect(
        into leaves: inout [String: FieldLeaf],
        shown: String,
        path: [String],
        listKey: ([String]) -> String?
    ) {
        switch self {
        case .text(let text): leaves[shown] = .text(text)
        case .afterBuild: leaves[shown] = .afterBuild
        case .map(let fields):
            for (name, field) in fields {
                let place = shown.isEmpty ? name : "\(shown).\(name)"
                field.collect(into: &leaves, shown: place, path: path + [name], listKey: listKey)
            }
        case .list(let items):
            let key = listKey(path)
            for (index, item) in items.enumerated() {
                guard let (name, rest) = key.flatMap(item.named) else {
                    item.collect(into: &leaves, shown: "\(shown)[\(index)]", path: path, listKey: listKey)
                    continue
                }
                rest.collect(into: &leaves, shown: "\(shown)[\(name)]", path: path, listKey: listKey)
            }
        }
    }

    /// `name=http` of an item, and what the item has besides it.
    private func named(by key: String) -> (name: String, rest: FieldValue)? {
        guard case .map(var fields) = self, case .text(let text)? = fields[key] else { return nil }
        fields[key] = nil
        return ("\(key)=\(text)", .map(fields))
    }
}
