// SPDX-License-Identifier: Apache-2.0

import ForgeJSON
import ForgeModel

extension KubernetesDialect {
    /// The name of what a namespace has once. No app has it, for names of apps have no dot.
    private static let sharedName = "paas.forge"

    /// What the apps of the team share: the namespace, its bounds and its walls.
    var sharedObjects: [KubernetesObject] {
        [
            namespace(naming.appsNamespace, for: "apps"), quota, defaultLimits,
            walls(of: naming.appsNamespace, egress: [nameService, outside]),
        ]
    }

    /// The namespace of builds and its walls: builds reach the outside and the registry, and nothing reaches them.
    var buildObjects: [KubernetesObject] {
        [
            namespace(naming.buildsNamespace, for: "builds"),
            walls(
                of: naming.buildsNamespace,
                egress: [nameService, outside, Self.to([system])]
            ),
        ]
    }

    /// An app's own: an identity without a token, and the wall that lets in the app itself and the router.
    func objects(of space: Space) -> [KubernetesObject] {
        let pods: JSONValue = ["podSelector": .matching(naming.podSelector(space.app))]
        return [
            KubernetesObject(
                "v1",
                "ServiceAccount",
                space.app.text,
                in: naming.appsNamespace,
                labels: naming.labels(space.app),
                content: ["automountServiceAccountToken": false]
            ),
            KubernetesObject(
                "networking.k8s.io/v1",
                "NetworkPolicy",
                space.app.text,
                in: naming.appsNamespace,
                labels: naming.labels(space.app),
                content: [
                    "spec": [
                        "podSelector": .matching(naming.podSelector(space.app)),
                        "policyTypes": ["Ingress", "Egress"],
                        "ingress": [
                            ["from": [pods, router]]
                        ],
                        "egress": [Self.to([pods])],
                    ]
                ]
            ),
        ]
    }

    // MARK: Shared

    private func namespace(_ name: String, for purpose: String) -> KubernetesObject {
        var labels = naming.labels()
        labels[KubernetesLabel.namespace] = purpose
        for mode in ["enforce", "audit", "warn"] { labels["pod-security.kubernetes.io/\(mode)"] = "restricted" }
        return KubernetesObject("v1", "Namespace", name, in: nil, isShared: true, labels: labels)
    }

    private var quota: KubernetesObject {
        KubernetesObject(
            "v1",
            "ResourceQuota",
            Self.sharedName,
            in: naming.appsNamespace,
            isShared: true,
            labels: naming.labels(),
            content: ["spec": ["hard": .texts(naming.quota)]]
        )
    }

    /// What a container gets that asks for nothing; ours always ask.
    private var defaultLimits: KubernetesObject {
        KubernetesObject(
            "v1",
            "LimitRange",
            Self.sharedName,
            in: naming.appsNamespace,
            isShared: true,
            labels: naming.labels(),
            content: [
                "spec": [
                    "limits": [
                        [
                            "type": "Container", "default": ["cpu": "500m", "memory": "512Mi"],
                            "defaultRequest": ["cpu": "100m", "memory": "512Mi"],
                        ]
                    ]
                ]
            ]
        )
    }

    /// Nothing comes in; out goes what `egress` allows.
    private func walls(of namespace: String, egress: [JSONValue]) -> KubernetesObject {
        KubernetesObject(
            "networking.k8s.io/v1",
            "NetworkPolicy",
            Self.sharedName,
            in: namespace,
            isShared: true,
            labels: naming.labels(),
            content: [
                "spec": ["podSelector": [:], "policyTypes": ["Ingress", "Egress"], "egress": .array(egress)]
            ]
        )
    }

    // MARK: Rules

    private var nameService: JSONValue {
        [
            "to": [["namespaceSelector": [:]]],
            "ports": [["port": 53, "protocol": "UDP"], ["port": 53, "protocol": "TCP"]],
        ]
    }

    /// Everything outside of the cluster but the closed networks; other apps keep their own doors shut.
    private var outside: JSONValue {
        func block(_ all: String, _ isInFamily: (String) -> Bool) -> JSONValue {
            let closed = naming.closedNetworks.filter(isInFamily)
            return ["ipBlock": ["cidr": .string(all), "except": .texts(closed)]]
        }
        return Self.to([block("0.0.0.0/0") { !$0.contains(":") }, block("::/0") { $0.contains(":") }])
    }

    private static func to(_ peers: [JSONValue]) -> JSONValue { ["to": .array(peers)] }

    /// All pods of the platform's own namespace.
    private var system: JSONValue {
        let labels = [KubernetesLabel.instance: naming.instance, KubernetesLabel.namespace: "system"]
        return ["namespaceSelector": .matching(labels)]
    }

    /// All pods of the router's namespace; servers before 1.21 do not set this label themselves.
    private var router: JSONValue {
        naming.routerNamespace.map { ["namespaceSelector": .matching(["kubernetes.io/metadata.name": $0])] } ?? system
    }
}
