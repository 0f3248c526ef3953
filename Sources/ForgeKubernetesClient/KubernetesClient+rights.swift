// SPDX-License-Identifier: Apache-2.0

import ForgeJSON

extension KubernetesClient {
    /// Whether this user may do something; in a namespace, or without one in all of them.
    /// - Parameter verb: `get`, `list`, `watch`, `create`, `patch`, `delete`.
    package func canI(_ verb: String, _ resource: APIResource, namespace: String?) async throws -> Bool {
        var attributes: [String: JSONValue] = [
            "verb": .string(verb), "group": .string(resource.group), "resource": .string(resource.plural),
        ]
        attributes["namespace"] = namespace.map { .string($0) }
        let call = KubernetesCall(
            method: "POST",
            path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            body: [
                "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
                "spec": ["resourceAttributes": .object(attributes)],
            ],
            purpose: "ask whether we may \(verb) \(resource.label(namespace: namespace, name: nil))"
        )
        guard let allowed = try await object(call)["status", "allowed"]?.bool else {
            throw unintelligible(call, "the answer does not say")
        }
        return allowed
    }
}
