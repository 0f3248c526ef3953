// SPDX-License-Identifier: Apache-2.0

package import ForgeHTTP
import ForgeJSON
package import ForgeKubernetesClient
import Glibc

/// The cluster that tests may use: the one that the file `FORGE_TEST_KUBECONFIG` leads to. Without that variable there is
/// none, and suites that need one are `.enabled(if: TestCluster.access != nil)`.
package enum TestCluster {
    /// Full rights on the cluster; nil without one. A kubeconfig that is named and cannot be used is no reason to skip: the
    /// tests then fail when they connect.
    package static let access: KubernetesAccess? = {
        guard let path = getenv("FORGE_TEST_KUBECONFIG").map({ String(cString: $0) }), !path.isEmpty else { return nil }
        do throws(KubernetesError) {
            return try KubernetesAccess.load(environment: ["KUBECONFIG": path])
        } catch {
            print("FORGE_TEST_KUBECONFIG cannot be used: \(error)")
            return KubernetesAccess(server: "https://unusable.invalid")
        }
    }()

    /// The connections of all tests.
    package static let transport = HTTPTransport()

    /// Full rights on the cluster.
    /// - Parameter manager: another one than the platform's, to play somebody else.
    package static func client(manager: String = "forge") throws -> KubernetesClient {
        guard let access else { throw KubernetesError(.configuration, "FORGE_TEST_KUBECONFIG names no kubeconfig") }
        return KubernetesClient(access: access, transport: transport, manager: manager)
    }

    /// Runs a test in a namespace of its own, which is removed afterwards with everything in it.
    package static func withNamespace<Result>(
        isolation: isolated (any Actor)? = #isolation,
        _ body: (KubernetesClient, String) async throws -> Result
    ) async throws -> Result {
        let client = try client()
        let name = "forge-test-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
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

    /// The way to the same cluster for a service account: makes it if it is not there, and asks for a token of an hour.
    /// Without a RoleBinding that names it, it may do nothing.
    package static func access(
        as serviceAccount: String,
        namespace: String,
        client: KubernetesClient
    ) async throws -> KubernetesAccess {
        let object: JSONValue = [
            "apiVersion": "v1", "kind": "ServiceAccount", "metadata": ["name": .string(serviceAccount)],
        ]
        try await client.apply(object, resource: serviceAccounts, namespace: namespace, force: true)
        let request: JSONValue = [
            "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": ["expirationSeconds": 3600],
        ]
        let tokens = APIResource(
            group: "",
            version: "v1",
            kind: "TokenRequest",
            plural: "serviceaccounts/\(serviceAccount)/token",
            isNamespaced: true
        )
        let answer = try await client.create(request, resource: tokens, namespace: namespace)
        guard let token = answer["status", "token"]?.string else {
            throw KubernetesError(.unintelligible, "the server gives no token")
        }
        var tls = client.access.tls
        tls.clientCertificate = nil
        tls.key = nil
        return KubernetesAccess(
            server: client.access.server,
            tls: tls,
            credentials: .token(token),
            namespace: namespace,
            proxy: client.access.proxy,
            context: "service account \(serviceAccount)"
        )
    }

    private static let namespaces = APIResource(
        group: "",
        version: "v1",
        kind: "Namespace",
        plural: "namespaces",
        isNamespaced: false
    )
    private static let serviceAccounts = APIResource(
        group: "",
        version: "v1",
        kind: "ServiceAccount",
        plural: "serviceaccounts",
        isNamespaced: true
    )
}
