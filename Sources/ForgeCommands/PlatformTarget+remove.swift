// SPDX-License-Identifier: Apache-2.0

import ForgeJSON
import ForgeKubernetesClient
import ForgePlatform

extension PlatformTarget {
    /// What a removal did.
    struct Removal: Encodable {
        /// `Deployment forge-system/forge-api`, in the order in which they went.
        var removed: [String] = []
        /// What was kept in pods only and is gone with them, each as a line.
        var lost: [String] = []
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

    /// Removes what an earlier installation made and this one does not have; volumes and secrets stay.
    func prune(_ installation: PlatformInstallation) async throws -> [String] {
        var removal = Removal()
        let names = installation.namespaces
        let wanted = Set(try PlatformObjects(installation).all.map(\.title))
        for namespace in [names.system, names.apps, names.builds] {
            for kind in Self.kinds {
                try await remove(kind, in: namespace, of: installation.instance, &removal) { !wanted.contains($0) }
            }
        }
        for kind in Self.clusterKinds {
            try await remove(kind, in: nil, of: installation.instance, &removal) { !wanted.contains($0) }
        }
        return removal.removed
    }

    /// Removes what an installation made: only objects that are labelled as its own.
    func remove(_ options: ClusterOptions, withData: Bool) async throws -> Removal {
        var removal = Removal()
        removal.lost = try await ephemeral(options)
        let namespaces = [options.namespace, options.appsNamespace, options.buildsNamespace]
        if withData {
            let titles = namespaces.map { "Namespace \($0)" }
            try await remove(("v1", "Namespace"), in: nil, of: options.instance, &removal) { titles.contains($0) }
        } else {
            for namespace in namespaces {
                for kind in Self.kinds { try await remove(kind, in: namespace, of: options.instance, &removal) }
            }
            removal.kept = try await remaining(options)
        }
        for kind in Self.clusterKinds { try await remove(kind, in: nil, of: options.instance, &removal) }
        return removal
    }

    private func remove(
        _ kind: (apiVersion: String, kind: String),
        in namespace: String?,
        of instance: String,
        _ removal: inout Removal,
        where isChosen: (String) -> Bool = { _ in true }
    ) async throws {
        let resource = try resource(kind.apiVersion, kind.kind)
        for object in try await list(resource, in: namespace, labels: Self.labels(instance)) {
            guard let name = object["metadata", "name"]?.string else { continue }
            let title = "\(kind.kind) " + (namespace.map { "\($0)/" } ?? "") + name
            guard isChosen(title) else { continue }
            let uid = object["metadata", "uid"]?.string
            guard try await client.delete(resource, namespace: namespace, name: name, uid: uid) else { continue }
            removal.removed.append(title)
        }
    }

    /// What every object of an installation is labelled with, and no object of an app.
    private static func labels(_ instance: String) -> String {
        "app.kubernetes.io/part-of=forge,paas.forge/instance=\(instance)"
    }

    /// Data that no volume holds.
    private func ephemeral(_ options: ClusterOptions) async throws -> [String] {
        let keepers = try await list(
            try resource("apps/v1", "StatefulSet"),
            in: options.namespace,
            labels: Self.labels(options.instance)
        )
        let names = keepers.filter { $0["spec", "volumeClaimTemplates"]?.array?.isEmpty != false }
            .compactMap { $0["metadata", "name"]?.string }
        let meaning = ["forge-redis": "what was wanted of apps, and their releases", "forge-registry": "every image"]
        return names.sorted().map { "the data of \($0), which no volume held: \(meaning[$0] ?? "all of it")" }
    }

    /// What someone may want to have back, or to remove by hand.
    private func remaining(_ options: ClusterOptions) async throws -> [String] {
        var lines: [String] = []
        for claim in try await list(try resource("v1", "PersistentVolumeClaim"), in: options.namespace) {
            guard let name = claim["metadata", "name"]?.string else { continue }
            let size = claim["spec", "resources", "requests", "storage"]?.string ?? "unknown size"
            lines.append("volume claim \(name) in \(options.namespace), \(size)")
        }
        let secrets = try await list(
            try resource("v1", "Secret"),
            in: options.namespace,
            labels: Self.labels(options.instance)
        )
        for secret in secrets {
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
