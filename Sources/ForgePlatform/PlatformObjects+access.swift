// SPDX-License-Identifier: Apache-2.0

import ForgeJSON

/// Who may do what: the two roles of specs/kubernetes.md §9, and who has them where.
extension PlatformObjects {
    private static let read = ["get", "list", "watch"]
    private static let write = ["get", "list", "watch", "create", "patch", "update", "delete"]

    /// Accounts, roles and bindings.
    var access: [PlatformObject] {
        let accounts = roles.map { account($0) }
        return accounts + [reconcilerRole, viewerRole, namespacesRole, namespacesBinding] + bindings
    }

    private var roles: [String] {
        ["forge-api", "forge-reconciler"] + (installation.hasRouter ? ["forge-router"] : [])
    }

    private func account(_ name: String) -> PlatformObject {
        system("v1", "ServiceAccount", name, ["automountServiceAccountToken": false])
    }

    /// Writes the kinds that the platform makes (specs/kubernetes.md §3), reads them and pods, in the namespaces that
    /// it is bound in. A role that lets its holder make pods lets it read every Secret that pods can mount, so there is
    /// nothing to be won by leaving Secrets out; they are only written and read by name.
    private var reconcilerRole: PlatformObject {
        role(
            "reconciler",
            [
                rule("", ["services", "serviceaccounts", "configmaps", "resourcequotas", "limitranges"], Self.write),
                rule("", ["secrets"], ["get", "create", "patch", "update", "delete"]),
                rule("", ["persistentvolumeclaims"], Self.write),
                rule("", ["pods", "pods/log", "events"], Self.read),
                // In a RoleBinding this is the namespace of the binding, and no other one.
                rule("", ["namespaces"], ["patch", "update"]),
                rule("apps", ["deployments"], Self.write),
                rule("apps", ["replicasets"], Self.read),
                rule("batch", ["jobs"], Self.write),
                rule("networking.k8s.io", ["ingresses", "networkpolicies"], Self.write),
                rule("policy", ["poddisruptionbudgets"], Self.write),
            ]
        )
    }

    /// Reads what plans and status need, and no Secret.
    private var viewerRole: PlatformObject {
        role(
            "viewer",
            [
                rule(
                    "",
                    [
                        "services", "serviceaccounts", "configmaps", "resourcequotas", "limitranges", "pods",
                        "pods/log",
                        "events", "persistentvolumeclaims",
                    ],
                    Self.read
                ),
                rule("apps", ["deployments", "replicasets"], Self.read),
                rule("batch", ["jobs"], Self.read),
                rule("discovery.k8s.io", ["endpointslices"], Self.read),
                rule("networking.k8s.io", ["ingresses", "networkpolicies"], Self.read),
                rule("policy", ["poddisruptionbudgets"], Self.read),
            ]
        )
    }

    /// A watch of namespaces asks for all of them, so that both need this beside their role: their names and labels.
    private var namespacesRole: PlatformObject { role("namespaces", [rule("", ["namespaces"], Self.read)]) }

    private var namespacesBinding: PlatformObject {
        let name = installation.clusterName("namespaces")
        return PlatformObject(
            "rbac.authorization.k8s.io/v1",
            "ClusterRoleBinding",
            name,
            in: nil,
            labels: labels(),
            ["roleRef": reference(name), "subjects": subjects(roles)]
        )
    }

    private func rule(_ group: String, _ resources: [String], _ verbs: [String]) -> JSONValue {
        ["apiGroups": .strings([group]), "resources": .strings(resources), "verbs": .strings(verbs)]
    }

    private func role(_ name: String, _ rules: [JSONValue]) -> PlatformObject {
        PlatformObject(
            "rbac.authorization.k8s.io/v1",
            "ClusterRole",
            installation.clusterName(name),
            in: nil,
            labels: labels(),
            ["rules": .array(rules)]
        )
    }

    /// The roles hold where apps and builds are, and nowhere else.
    private var bindings: [PlatformObject] {
        let names = installation.namespaces
        return [names.apps, names.builds].flatMap { namespace in
            [
                binding("reconciler", ["forge-reconciler"], in: namespace),
                binding("viewer", roles.filter { $0 != "forge-reconciler" }, in: namespace),
            ]
        }
    }

    private func binding(_ role: String, _ accounts: [String], in namespace: String) -> PlatformObject {
        let name = installation.clusterName(role)
        return PlatformObject(
            "rbac.authorization.k8s.io/v1",
            "RoleBinding",
            name,
            in: namespace,
            labels: labels(),
            ["roleRef": reference(name), "subjects": subjects(accounts)]
        )
    }

    private func reference(_ role: String) -> JSONValue {
        ["apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": .string(role)]
    }

    private func subjects(_ accounts: [String]) -> JSONValue {
        .array(
            accounts.map {
                [
                    "kind": "ServiceAccount", "name": .string($0),
                    "namespace": .string(installation.namespaces.system),
                ]
            }
        )
    }
}
