// SPDX-License-Identifier: Apache-2.0

import ForgeJSON
import ForgeKubernetesClient
import ForgePlatform

extension PlatformTarget {
    /// What a removal did.
    struct Removal: Encodable {
        /// `Deployment forge-system/forge-api`, in the order in which they went.
        var removed: [String] = []
        /// What is still there, each as a line.
        var kept: [String] = []
    }

    /// The kinds of an installation, those that run first; the namespaces are the last to go.
    private static let kinds = [
        ("apps/v1", "Deployment"), ("apps/v1", "StatefulSet"), ("apps/v1", "DaemonSet"), ("v1", "Service"),
        ("v1", "ConfigMap"), ("networking.k8s.io/v1", "NetworkPolicy"),
        ("rbac.authorization.k8s.io/v1", "RoleBinding"), ("v1", "ServiceAccount"),
    ]
    private static let clusterKinds = [
        ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"), ("rbac.authorization.k8s.io/v1", "ClusterRole"),
        ("networking.k8s.io/v1", "IngressClass"),
    ]

    /// Removes what an installation made: only objects that are labelled as its own.
    func remove(_ options: ClusterOptions, withData: Bool) async throws -> Removal {
        var removal = Removal()
        let labels = "app.kubernetes.io/part-of=forge,paas.forge/instance=\(options.instance)"
        let namespaces = [options.namespace, options.appsNamespace, options.buildsNamespace]
        if withData {
            try await remove(("v1", "Namespace"), in: nil, labels: labels, named: namespaces, &removal)
        } else {
            for namespace in namespaces {
                for kind in Self.kinds { try await remove(kind, in: namespace, labels: labels, &removal) }
            }
            removal.kept = try await remaining(options)
        }
        for kind in Self.clusterKinds { try await remove(kind, in: nil, labels: labels, &removal) }
        return removal
    }

    private func remove(
        _ kind: (apiVersion: String, kind: String),
        in namespace: String?,
        labels: String,
        named: [String]? = nil,
        _ removal: inout Removal
    ) async throws {
        let resource = try resource(kind.apiVersion, kind.kind)
        for object in try await list(resource, in: namespace, labels: labels) {
            guard let name = object["metadata", "name"]?.string, named?.contains(name) ?? true else { continue }
            let uid = object["metadata", "uid"]?.string
            guard try await client.delete(resource, namespace: namespace, name: name, uid: uid) else { continue }
            removal.removed.append("\(kind.kind) " + (namespace.map { "\($0)/" } ?? "") + name)
        }
    }

    /// What someone may want to have back, or to remove by hand.
    private func remaining(_ options: ClusterOptions) async throws -> [String] {
        var lines: [String] = []
        for claim in try await list(try resource("v1", "PersistentVolumeClaim"), in: options.namespace) {
            guard let name = claim["metadata", "name"]?.string else { continue }
            let size = claim["spec", "resources", "requests", "storage"]?.string ?? "unknown size"
            lines.append("volume claim \(name) in \(options.namespace), \(size)")
        }
        let labels = "app.kubernetes.io/part-of=forge,paas.forge/instance=\(options.instance)"
        for secret in try await list(try resource("v1", "Secret"), in: options.namespace, labels: labels) {
            if let name = secret["metadata", "name"]?.string { lines.append("secret \(name) in \(options.namespace)") }
        }
        let apps = try await list(
            try resource("apps/v1", "Deployment"),
            in: options.appsNamespace,
            labels: "paas.forge/instance=\(options.instance)"
        )
        if !apps.isEmpty { lines.append("\(apps.count) deployments of apps in \(options.appsNamespace)") }
        return lines + [options.namespace, options.appsNamespace, options.buildsNamespace].map { "namespace \($0)" }
    }
}
