// SPDX-License-Identifier: Apache-2.0

package import ForgeJSON
package import ForgeModel

/// One object as it is applied.
package struct KubernetesObject: Hashable, Sendable {
    /// Its group and version: `apps/v1`.
    package let apiVersion: String
    /// Its kind: `Deployment`.
    package let kind: String
    /// Its namespace; nil for what the whole cluster shares.
    package let namespace: String?
    /// Its name.
    package let name: String
    /// The process type it stands for, where it stands for one.
    package let process: ProcessType?
    /// Whether all apps share it: it is never removed with one.
    package let isShared: Bool
    /// The whole object, `apiVersion` to `spec`.
    package let body: JSONValue

    /// Puts an object together; `content` is everything besides apiVersion, kind and metadata.
    init(
        _ apiVersion: String,
        _ kind: String,
        _ name: String,
        in namespace: String?,
        process: ProcessType? = nil,
        isShared: Bool = false,
        labels: [String: String],
        content: [String: JSONValue] = [:]
    ) {
        self.apiVersion = apiVersion
        self.kind = kind
        self.namespace = namespace
        self.name = name
        self.process = process
        self.isShared = isShared
        var metadata: [String: JSONValue] = [
            "name": .string(name), "labels": .object(labels.mapValues { .string($0) }),
        ]
        metadata["namespace"] = namespace.map { .string($0) }
        body = .object(
            content.merging([
                "apiVersion": .string(apiVersion), "kind": .string(kind), "metadata": .object(metadata),
            ]) { $1 }
        )
    }

    /// Its name in the cluster.
    package var reference: ObjectReference { ObjectReference(kind: kind, name: name) }

    /// The fields that are ours when it has been applied, in the spelling that `OwnedFields` gives live ones.
    package var fields: FieldValue { CanonicalFields.of(body) }

    /// What the planner compares.
    package var native: NativeObject {
        NativeObject(reference: reference, process: process, fields: fields, isShared: isShared)
    }
}
