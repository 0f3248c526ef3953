// SPDX-License-Identifier: Apache-2.0

package import ForgeJSON

/// How the objects that belong to a deleted one go.
package enum Propagation: String, Hashable, Sendable {
    /// After it.
    case background = "Background"
    /// Before it.
    case foreground = "Foreground"
    /// They stay.
    case orphan = "Orphan"
}

extension KubernetesClient {
    /// One object; nil when the server says that there is none. Any other doubt is an error.
    package func get(_ resource: APIResource, namespace: String?, name: String) async throws -> JSONValue? {
        do {
            return try await object(
                KubernetesCall(
                    path: resource.path(namespace: namespace, name: name),
                    purpose: "get \(resource.label(namespace: namespace, name: name))"
                )
            )
        } catch let error as KubernetesError where error.code == .notFound {
            return nil
        }
    }

    /// Server-side apply: makes the fields of `object` what they are here, makes the object if it is not there, and takes
    /// away the fields that an earlier apply of ours set and this one does not. `metadata.uid` and `resourceVersion`, when
    /// they are there, must be those of the object.
    ///
    /// - Parameters:
    ///   - force: take fields of other managers over; else `.conflict`, which names them.
    ///   - dryRun: the server only says what would become of it.
    /// - Returns: the whole object after the change.
    @discardableResult
    package func apply(
        _ object: JSONValue,
        resource: APIResource,
        namespace: String?,
        force: Bool,
        dryRun: Bool = false
    ) async throws -> JSONValue {
        let name = object["metadata", "name"]?.string ?? ""
        return try await self.object(
            KubernetesCall(
                method: "PATCH",
                path: resource.path(namespace: namespace, name: name),
                query: [("fieldManager", manager), ("force", "\(force)"), ("dryRun", dryRun ? "All" : nil)],
                body: object,
                // YAML by name; JSON is YAML, and there is no other media type for it on older servers.
                contentType: "application/apply-patch+yaml",
                purpose: "apply \(resource.label(namespace: namespace, name: name))",
                isSecret: resource.isSecret
            )
        )
    }

    /// Makes an object; `.exists` when there is one of its name.
    /// - Returns: the whole object.
    @discardableResult
    package func create(
        _ object: JSONValue,
        resource: APIResource,
        namespace: String?,
        dryRun: Bool = false
    ) async throws -> JSONValue {
        let name = object["metadata", "name"]?.string
        return try await self.object(
            KubernetesCall(
                method: "POST",
                path: resource.path(namespace: namespace),
                query: [("fieldManager", manager), ("dryRun", dryRun ? "All" : nil)],
                body: object,
                isRepeatable: false,
                purpose:
                    "create \(name.map { resource.label(namespace: namespace, name: $0) } ?? "a \(resource.kind)")",
                isSecret: resource.isSecret
            )
        )
    }

    /// Deletes an object, or begins to: finalizers, grace periods and `.foreground` take their time.
    ///
    /// - Parameters:
    ///   - uid: it must be that object and not a newer one of the same name; else `.conflict`.
    ///   - resourceVersion: it must not have changed since; else `.conflict`.
    /// - Returns: false when there was none.
    @discardableResult
    package func delete(
        _ resource: APIResource,
        namespace: String?,
        name: String,
        uid: String? = nil,
        resourceVersion: String? = nil,
        propagation: Propagation = .background
    ) async throws -> Bool {
        var preconditions: [String: JSONValue] = [:]
        preconditions["uid"] = uid.map { .string($0) }
        preconditions["resourceVersion"] = resourceVersion.map { .string($0) }
        do {
            _ = try await object(
                KubernetesCall(
                    method: "DELETE",
                    path: resource.path(namespace: namespace, name: name),
                    body: [
                        "apiVersion": "v1", "kind": "DeleteOptions",
                        "propagationPolicy": .string(propagation.rawValue), "preconditions": .object(preconditions),
                    ],
                    purpose: "delete \(resource.label(namespace: namespace, name: name))"
                )
            )
            return true
        } catch let error as KubernetesError where error.code == .notFound {
            return false
        }
    }
}

extension APIResource {
    /// Whether its objects are there to keep something from view.
    fileprivate var isSecret: Bool { group.isEmpty && kind == "Secret" }
}
