// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP

/// One kind of object as the API server serves it: where its objects are and how they are called.
package struct APIResource: Hashable, Sendable {
    /// `apps`; empty for the core group.
    package let group: String
    /// `v1`.
    package let version: String
    /// `Deployment`.
    package let kind: String
    /// The name in paths: `deployments`.
    package let plural: String
    /// Whether its objects are in namespaces.
    package let isNamespaced: Bool

    /// Names a kind.
    package init(group: String, version: String, kind: String, plural: String, isNamespaced: Bool) {
        self.group = group
        self.version = version
        self.kind = kind
        self.plural = plural
        self.isNamespaced = isNamespaced
    }

    /// As objects spell it: `apps/v1`, `v1`.
    package var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

    /// The path of one object, or without a name of all of them; without a namespace, of those in all namespaces.
    package func path(namespace: String?, name: String? = nil) -> String {
        var path = group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)"
        if isNamespaced, let namespace { path += "/namespaces/\(namespace.percentEncoded)" }
        path += "/\(plural)"
        if let name { path += "/\(name.percentEncoded)" }
        return path
    }

    /// As messages name it: `Deployment shop-web in forge-apps`.
    func label(namespace: String?, name: String?) -> String {
        let subject = name.map { "\(kind) \($0)" } ?? "the objects of kind \(kind)"
        guard isNamespaced else { return subject }
        return subject + (namespace.map { " in \($0)" } ?? " in all namespaces")
    }
}
