// SPDX-License-Identifier: Apache-2.0

package import ForgeJSON
package import ForgeModel

/// The part of a live object that the platform has set, read from `managedFields` (specs/kubernetes.md §4).
package struct OwnedFields: Hashable, Sendable {
    /// The owned fields in canonical spelling: equal to `KubernetesObject.fields` when nobody has changed them.
    package let fields: FieldValue
    /// Fields that others have set and the platform has not, by the path that people read, with who, when and what:
    /// those among them that are wanted have been taken from us.
    package let owners: [String: FieldOwner]

    /// Projects a live object.
    package init(of live: JSONValue) {
        fields = .map([:])
        owners = [:]
    }

    /// The fields as bytes: what a cache keeps.
    package var packed: [UInt8] { [] }
    /// Reads what `packed` gave; nil when it is nothing of the kind.
    package static func fields(packed: [UInt8]) -> FieldValue? { nil }
}
