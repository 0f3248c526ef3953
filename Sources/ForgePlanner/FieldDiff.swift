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
    ///
    /// - Parameter owners: who has taken fields of the live object, and what they hold: such a field is compared with
    ///   that, although it is not ours any more.
    package init(
        kind: String,
        from: FieldValue?,
        to: FieldValue?,
        dialect: any Dialect,
        owners: [String: FieldOwner] = [:]
    ) {
        let listKey = { dialect.listKey(kind: kind, path: $0) }
        let before = from?.leaves(listKey: listKey) ?? [:]
        let after = to?.leaves(listKey: listKey) ?? [:]
        for path in Set(before.keys).union(after.keys) {
            let old = before[path]
            let new = after[path]
            // A value that is not known yet is a change even beside another one: the build was asked for a new image.
            if old == new, new != .afterBuild {
                unchanged += 1
            } else {
                let shown = dialect.shown(kind: kind, path: path)
                // One side has every field that is wanted, so the other one is the live object's.
                let taken = owners[shown]?.value
                changes.append(FieldChange(path: shown, from: old?.shown ?? taken, to: new?.shown ?? taken))
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

extension FieldLeaf {
    /// As plans print it.
    fileprivate var shown: String { text ?? FieldChange.afterBuild }
}
