// SPDX-License-Identifier: Apache-2.0

import ForgeJSON

/// Who reaches which part over the network, where the cluster enforces NetworkPolicies.
extension PlatformObjects {
    /// Nobody reaches anything, but for what follows.
    var walls: [PlatformObject] {
        var walls = [
            policy("forge-default-deny", ["podSelector": [:], "policyTypes": ["Ingress"]]),
            allow(
                "forge-redis",
                port: PlatformInstallation.Ports.redis,
                from: [parts(["forge-api", "forge-reconciler"])]
            ),
            allow("forge-api", port: PlatformInstallation.Ports.api, from: []),
        ]
        if case .own = installation.registry {
            // Nodes come with addresses of their own, which no selector names.
            walls.append(
                allow(
                    "forge-registry",
                    port: PlatformInstallation.Ports.registry,
                    from: [namespace("system"), namespace("builds")]
                )
            )
        }
        if installation.hasRouter {
            walls.append(allow("forge-router", port: PlatformInstallation.Ports.router, from: []))
        }
        return walls
    }

    private func policy(_ name: String, _ spec: JSONValue) -> PlatformObject {
        system("networking.k8s.io/v1", "NetworkPolicy", name, ["spec": spec])
    }

    /// Lets someone, or everyone, reach one port of a part.
    private func allow(_ part: String, port: Int, from peers: [JSONValue]) -> PlatformObject {
        var rule: [String: JSONValue] = ["ports": [["port": .int(port), "protocol": "TCP"]]]
        if !peers.isEmpty { rule["from"] = .array(peers) }
        return policy(
            part,
            ["podSelector": selector(part), "policyTypes": ["Ingress"], "ingress": [.object(rule)]]
        )
    }

    private func parts(_ names: [String]) -> JSONValue {
        [
            "podSelector": [
                "matchLabels": ["paas.forge/instance": .string(installation.instance)],
                "matchExpressions": [
                    ["key": "app.kubernetes.io/name", "operator": "In", "values": .strings(names)]
                ],
            ]
        ]
    }

    /// Every pod of one of the platform's namespaces.
    private func namespace(_ purpose: String) -> JSONValue {
        [
            "namespaceSelector": [
                "matchLabels": [
                    "paas.forge/instance": .string(installation.instance), "paas.forge/namespace": .string(purpose),
                ]
            ]
        ]
    }
}
