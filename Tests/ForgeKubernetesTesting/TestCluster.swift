// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
import ForgeJSON
package import ForgeKubernetesClient
import Glibc

/// The cluster that tests may use: the one that the file `FORGE_TEST_KUBECONFIG` leads to. Without that variable there is
/// none, and suites that need one are `.enabled(if: TestCluster.access != nil)`.
package enum TestCluster {
    /// Full rights on the cluster.
    package static let access: KubernetesAccess? = {
        guard let path = getenv("FORGE_TEST_KUBECONFIG").map({ String(cString: $0) }), !path.isEmpty else { return nil }
        return try? KubernetesAccess.load(environment: ["KUBECONFIG": path])
    }()

    /// Runs a test in a namespace of its own, which is removed afterwards with everything in it.
    package static func withNamespace<Result>(
        _ body: (KubernetesClient, String) async throws -> Result
    ) async throws -> Result {
        guard let access else { throw KubernetesError(.unreachable, "FORGE_TEST_KUBECONFIG names no kubeconfig") }
        let client = KubernetesClient(access: access, transport: HTTPTransport())
        let name = "forge-test-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
        let namespaces = APIResource(
            group: "",
            version: "v1",
            kind: "Namespace",
            plural: "namespaces",
            isNamespaced: false
        )
        let object: JSONValue = ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)]]
        try await client.create(object, resource: namespaces, namespace: nil)
        do {
            let result = try await body(client, name)
            try await client.delete(namespaces, namespace: nil, name: name)
            return result
        } catch {
            _ = try? await client.delete(namespaces, namespace: nil, name: name)
            throw error
        }
    }
}
