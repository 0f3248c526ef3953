// SPDX-License-Identifier: Apache-2.0

package import ForgeModel
package import ForgePlan

/// The difference of two field trees, leaf by leaf; it knows no kind of object (specs/plan.md §3).
package struct FieldDiff: Hashable, Sendable {
    /// The leaves that differ, sorted by path, object by object.
    package private(set) var changes: [FieldChange] = []
    /// How many leaves are equal.
    package private(set) var unchanged = 0

    /// Compares what is with what should be; `nil` is an object that does not exist. Paths are those that people read.
    package init(kind: String, from: FieldValue?, to: FieldValue?, dialect: any Dialect) {
        let before = from.map { Leaves($0, kind: kind, dialect: dialect).values } ?? [:]
        let after = to.map { Leaves($0, kind: kind, dialect: dialect).values } ?? [:]
        for path in Set(before.keys).union(after.keys) {
            let old = before[path]
            let new = after[path]
            // A value that is not known yet is a change even beside another one: the build was asked for a new image.
            if old == new, new != .afterBuild {
                unchanged += 1
            } else {
                let shown = dialect.shown(kind: kind, path: path)
                changes.append(FieldChange(path: shown, from: old?.shown, to: new?.shown))
            }
        }
        changes.sort()
    }

    /// The differences of several objects that are one thing to people, in order: paths as they are, or behind a prefix
    /// (`Service: port`).
    init(joining parts: [(prefix: String?, diff: FieldDiff)]) {
        for part in parts {
            unchanged += part.diff.unchanged
            changes += part.diff.changes.map { change in
                guard let prefix = part.prefix else { return change }
                return FieldChange(path: "\(prefix): \(change.path)", from: change.from, to: change.to)
            }
        }
    }
}

/// A leaf's value.
private enum Leaf: Hashable {
    case text(String)
    case afterBuild

    var shown: String {
        switch self {
        case .text(let text): text
        case .afterBuild: FieldChange.afterBuild
        }
    }
}

/// Flattens a tree into leaves by path; an empty map or list is no leaf, so that empty equals absent.
private struct Leaves {
    private(set) var values: [String: Leaf] = [:]
    private let kind: String
    private let dialect: any Dialect

    init(_ root: FieldValue, kind: String, dialect: any Dialect) {
        self.kind = kind
        self.dialect = dialect
        collect(root, shown: "", path: [])
    }

    private mutating func collect(_ value: FieldValue, shown: String, path: [String]) {
        switch value {
        case .text(let text): values[shown] = .text(text)
        case .afterBuild: values[shown] = .afterBuild
        case .map(let fields):
            for (name, field) in fields {
                collect(field, shown: shown.isEmpty ? name : "\(shown).\(name)", path: path + [name])
            }
        case .list(let items):
            let key = dialect.listKey(kind: kind, path: path)
            for (index, item) in items.enumerated() {
                collect(item, shown: shown + Self.selector(of: item, at: index, key: key), path: path)
            }
        }
    }

    private static func selector(of item: FieldValue, at index: Int, key: String?) -> String {
        guard let key, case .map(let fields) = item, case .text(let name)? = fields[key] else { return "[\(index)]" }
        return "[\(key)=\(name)]"
    }
}
