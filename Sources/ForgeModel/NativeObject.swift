// SPDX-License-Identifier: Apache-2.0

/// Names one object of a cluster's own language.
package struct ObjectReference: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    /// The cluster's word for the kind: `containers`, `network`, `Deployment`.
    package let kind: String
    /// The object's name.
    package let name: String

    /// Names an object.
    package init(kind: String, name: String) {
        self.kind = kind
        self.name = name
    }

    /// `containers/shop-web`.
    package var description: String { "\(kind)/\(name)" }

    /// Orders by kind, then name.
    package static func < (left: Self, right: Self) -> Bool {
        (left.kind, left.name) < (right.kind, right.name)
    }
}

/// One field of a native object, as a tree; the planner compares these and knows no kind (specs/plan.md §3).
package indirect enum FieldValue: Hashable, Sendable, Codable {
    /// A text, number or truth value, in its canonical spelling.
    case text(String)
    /// Named fields.
    case map([String: FieldValue])
    /// Items; the dialect says which field is their key.
    case list([FieldValue])
    /// A value that the plan names before it exists, printed as `(known after build)`.
    case afterBuild
}

/// One object in a cluster's own language: what a unit is encoded to, and what is observed.
package struct NativeObject: Hashable, Sendable, Codable {
    /// Its name.
    package let reference: ObjectReference
    /// The process type it stands for, where it stands for one.
    package let process: ProcessType?
    /// Its fields, without secrets.
    package let fields: FieldValue
    /// Whether all apps share it: it is made when it is missing and never removed with an app.
    package let isShared: Bool
    /// Who has taken fields that were ours, by the path that people read; empty where a cluster does not tell.
    package var owners: [String: FieldOwner]

    /// Holds an object.
    package init(
        reference: ObjectReference,
        process: ProcessType? = nil,
        fields: FieldValue,
        isShared: Bool = false,
        owners: [String: FieldOwner] = [:]
    ) {
        self.reference = reference
        self.process = process
        self.fields = fields
        self.isShared = isShared
        self.owners = owners
    }
}

/// Who set a field last, where a cluster keeps that.
package struct FieldOwner: Hashable, Sendable, Codable {
    /// The name under which it writes: `kubectl-edit`.
    package let manager: String
    /// When it wrote last.
    package let since: Timestamp?
    /// What the field holds now, where the object's fields do not tell because it is not ours.
    package let value: String?

    /// Names an owner.
    package init(manager: String, since: Timestamp?, value: String? = nil) {
        self.manager = manager
        self.since = since
        self.value = value
    }
}

/// How a cluster spells units, as a pure value: the planner compares in the cluster's own words.
package protocol Dialect: Sendable {
    /// The cluster's name in plans: `podman`.
    var cluster: String { get }
    /// The native objects of one unit, in a stable order; empty when the cluster has none for it.
    func encode(_ unit: Unit) -> [NativeObject]
    /// The field that identifies the items of the list at a path, such as `name`; nil compares by position.
    func listKey(kind: String, path: [String]) -> String?
    /// The name that people read for a path of an object, as the planner spells it: `image` for a longer one.
    func shown(kind: String, path: String) -> String
    /// What of these units the cluster cannot enforce, each as a sentence's half: `network isolation`.
    func unenforced(_ units: [Unit]) -> [String]
}

extension Dialect {
    /// A path as it is.
    package func shown(kind: String, path: String) -> String { path }
}
