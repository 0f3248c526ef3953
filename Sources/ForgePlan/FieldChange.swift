// SPDX-License-Identifier: Apache-2.0

/// One field that a step changes, by the path that people read (specs/plan.md §3).
package struct FieldChange: Hashable, Sendable, Codable, Comparable {
    /// Such as `env.LOG_LEVEL` or `ports[name=http].port`; list items are named by their key.
    package let path: String
    /// The value now; nil when there is none.
    package let from: String?
    /// The value after the step; nil when there is none. `(known after build)` when it is not known yet.
    package let to: String?

    /// Holds a change.
    package init(path: String, from: String?, to: String?) {
        self.path = path
        self.from = from
        self.to = to
    }

    /// Orders by path, bytewise.
    package static func < (left: Self, right: Self) -> Bool {
        left.path.utf8.lexicographicallyPrecedes(right.path.utf8)
    }

    /// What stands for a value that only the build will tell.
    package static let afterBuild = "(known after build)"
}
