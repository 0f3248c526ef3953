// SPDX-License-Identifier: Apache-2.0

import ForgeJSON
package import ForgeModel

/// How Kubernetes spells units, as a pure value (specs/kubernetes.md §3).
package struct KubernetesDialect: Dialect {
    /// What objects are called.
    package let naming: KubernetesNaming
    /// What the server offers.
    package let versions: KubernetesVersions

    /// Encodes for one platform on one cluster.
    package init(_ naming: KubernetesNaming, versions: KubernetesVersions) {
        self.naming = naming
        self.versions = versions
    }

    /// `kubernetes`.
    package var cluster: String { "kubernetes" }

    /// The objects of one unit, in the order in which they are applied.
    ///
    /// A space: the shared ones first. A workload: its Deployment first; none when it has no instances.
    package func objects(of unit: Unit) -> [KubernetesObject] {
        switch unit {
        case .space(let space): sharedObjects + objects(of: space)
        case .workload(let workload): workload.instances > 0 ? objects(of: workload) : []
        case .route(let route): [object(of: route)]
        }
    }

    /// The objects of one unit in the spelling that live ones are compared in.
    package func encode(_ unit: Unit) -> [NativeObject] { objects(of: unit).map(\.native) }

    /// The key of the lists that have one.
    package func listKey(kind: String, path: [String]) -> String? { Self.listKey(path) }

    /// The word that podman's plans have for the same thing, where there is one.
    package func shown(kind: String, path: String) -> String { Self.shown(path, in: kind) }

    /// The walls between apps, where the cluster's network does not know NetworkPolicy: nothing in its API tells.
    package func unenforced(_ units: [Unit]) -> [String] {
        let hasSpace = units.contains { if case .space = $0 { true } else { false } }
        return hasSpace && !naming.enforcesNetworkPolicy ? ["network isolation"] : []
    }

    /// The key of the list at a path.
    static func listKey(_ path: [String]) -> String? { ListKeys.key(of: path.last) }

    // MARK: Routes

    private func object(of route: Route) -> KubernetesObject {
        let service: JSONValue = [
            "name": .string(naming.workload(route.app, route.process)), "port": ["name": "http"],
        ]
        let path: JSONValue = ["path": "/", "pathType": "Prefix", "backend": ["service": service]]
        return KubernetesObject(
            "networking.k8s.io/v1",
            "Ingress",
            route.host.text,
            in: naming.appsNamespace,
            process: route.process,
            labels: naming.labels(route.app, route.process),
            content: [
                "spec": [
                    "ingressClassName": .string(naming.ingressClass),
                    "rules": [["host": .string(route.host.text), "http": ["paths": [path]]]],
                ]
            ]
        )
    }
}
