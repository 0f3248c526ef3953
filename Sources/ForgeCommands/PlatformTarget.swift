// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
import ForgeJSON
import ForgeKubernetesClient
import ForgePlatform

/// The cluster that a platform is installed on, and what is done there.
struct PlatformTarget {
    /// The owner of the fields that installations set; the reconciler's own is another one.
    private static let manager = "forge-platform"
    private static let groups: Set<String> = [
        "", "apps", "networking.k8s.io", "rbac.authorization.k8s.io", "storage.k8s.io",
    ]

    let client: KubernetesClient
    let discovery: Discovery

    /// Finds the cluster as kubectl does, and asks what it serves.
    init(_ options: ClusterOptions, _ surroundings: Surroundings) async throws {
        let access = try KubernetesAccess.load(environment: surroundings.environment, context: options.context)
        client = KubernetesClient(access: access, transport: HTTPTransport(), manager: Self.manager)
        discovery = try await client.discover(groups: Self.groups)
    }

    /// The kind in which something is written; throws a failure when the cluster does not serve it.
    func resource(_ apiVersion: String, _ kind: String) throws -> APIResource {
        let parts = apiVersion.split(separator: "/").map(String.init)
        let found = discovery.resource(
            group: parts.count == 2 ? parts[0] : "",
            kind: kind,
            versions: [parts.last ?? ""]
        )
        guard let found else {
            throw CommandFailure(
                "unsupported",
                "the cluster serves no \(kind) in \(apiVersion); Kubernetes 1.19 and newer do",
                .unavailable
            )
        }
        return found
    }

    /// Every object of a kind that has some labels.
    func list(_ resource: APIResource, in namespace: String?, labels: String? = nil) async throws -> [JSONValue] {
        var items: [JSONValue] = []
        for try await event in client.list(resource, namespace: namespace, labels: labels) {
            if case .item(let item) = event { items.append(item) }
        }
        return items
    }

    /// Whether volumes are made for claims that name no class.
    func hasDefaultStorage() async throws -> Bool {
        let classes = try await list(try resource("storage.k8s.io/v1", "StorageClass"), in: nil)
        return classes.contains {
            $0["metadata", "annotations"]?.object?["storageclass.kubernetes.io/is-default-class"] == "true"
        }
    }

    /// Where the API is reached from outside: by its first name, else by the address of a node.
    func address(_ installation: PlatformInstallation) async throws -> String {
        if let host = installation.apiHosts.first { return "http://\(host):\(installation.apiPort)" }
        let nodes = try await list(try resource("v1", "Node"), in: nil)
        let addresses = nodes.flatMap { $0["status", "addresses"]?.array ?? [] }
        let types = ["ExternalIP", "InternalIP"]
        let found = types.lazy.compactMap { type in
            addresses.first { $0["type"]?.string == type }?["address"]?.string
        }.first
        guard let found else {
            throw CommandFailure("no-address", "no node tells an address; name one with --api-host", .failed)
        }
        return "http://\(found.contains(":") ? "[\(found)]" : found):\(installation.apiPort)"
    }
}
