// SPDX-License-Identifier: Apache-2.0

package import ForgeJSON

/// One object of a cluster that the platform itself consists of.
package struct PlatformObject: Hashable, Sendable {
    /// `apps/v1`.
    package let apiVersion: String
    /// `Deployment`.
    package let kind: String
    /// Its namespace; nil outside of namespaces.
    package let namespace: String?
    /// Its name.
    package let name: String
    /// The whole object.
    package let body: JSONValue

    /// `Deployment forge-system/forge-api`.
    package var title: String { "\(kind) " + (namespace.map { "\($0)/" } ?? "") + name }

    /// Makes an object of the rest of its fields.
    init(
        _ apiVersion: String,
        _ kind: String,
        _ name: String,
        in namespace: String?,
        labels: [String: JSONValue],
        _ fields: [String: JSONValue]
    ) {
        self.apiVersion = apiVersion
        self.kind = kind
        self.namespace = namespace
        self.name = name
        var metadata: [String: JSONValue] = ["name": .string(name), "labels": .object(labels)]
        if let namespace { metadata["namespace"] = .string(namespace) }
        body = .object(
            fields.merging([
                "apiVersion": .string(apiVersion), "kind": .string(kind), "metadata": .object(metadata),
            ]) { $1 }
        )
    }
}

extension JSONValue {
    /// A list of texts.
    static func strings(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
    /// A whole number.
    static func int(_ number: Int) -> JSONValue { .integer(Int64(number)) }
}
