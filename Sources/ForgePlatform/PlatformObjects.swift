// SPDX-License-Identifier: Apache-2.0

import ForgeJSON

/// The objects of an installation, in the order in which they are applied (specs/kubernetes.md §12).
///
/// The order is stable, so that two prints of one installation are equal, and each object comes after those it names.
package struct PlatformObjects: Sendable {
    let installation: PlatformInstallation

    /// For an installation.
    package init(_ installation: PlatformInstallation) { self.installation = installation }

    /// All but the secrets, whose content only `--apply` makes.
    package var all: [PlatformObject] {
        get throws {
            namespaces + access + walls + [try settingsMap] + redis + registryObjects
                + (try services)
        }
    }

    /// The namespaces. What else is said of those for apps and builds, the reconciler says.
    package var namespaces: [PlatformObject] {
        let names = installation.namespaces
        return [(names.system, "system"), (names.apps, "apps"), (names.builds, "builds")].map { name, purpose in
            var labels = labels()
            labels["paas.forge/namespace"] = .string(purpose)
            return PlatformObject("v1", "Namespace", name, in: nil, labels: labels, [:])
        }
    }

    /// What the roles are told.
    var settingsMap: PlatformObject {
        get throws {
            var data: [String: JSONValue] = [PlatformSettings.fileName: .string(try settingsText)]
            if let certificates = installation.certificates {
                data[PlatformSettings.certificatesName] = .string(certificates)
            }
            return system("v1", "ConfigMap", "forge-settings", ["data": .object(data)])
        }
    }

    // MARK: Names

    /// The labels of every object; with a part's name, also those by which its pods are selected.
    func labels(_ part: String? = nil) -> [String: JSONValue] {
        var labels: [String: JSONValue] = [
            "app.kubernetes.io/managed-by": "forge", "app.kubernetes.io/part-of": "forge",
            "paas.forge/instance": .string(installation.instance),
        ]
        if let part { labels["app.kubernetes.io/name"] = .string(part) }
        return labels
    }

    /// An object in the platform's own namespace.
    func system(_ apiVersion: String, _ kind: String, _ name: String, _ fields: [String: JSONValue]) -> PlatformObject {
        PlatformObject(apiVersion, kind, name, in: installation.namespaces.system, labels: labels(name), fields)
    }

    /// Selects the pods of a part.
    func selector(_ part: String) -> JSONValue {
        [
            "matchLabels": [
                "app.kubernetes.io/name": .string(part), "paas.forge/instance": .string(installation.instance),
            ]
        ]
    }

    /// A Service for the pods of a part; with a node port, of that type.
    func service(_ part: String, port: Int, target: Int, nodePort: Int? = nil) -> PlatformObject {
        var entry: [String: JSONValue] = [
            "name": "main", "port": .int(port), "targetPort": .int(target), "protocol": "TCP",
        ]
        if let nodePort { entry["nodePort"] = .int(nodePort) }
        return system(
            "v1",
            "Service",
            part,
            [
                "spec": [
                    "type": nodePort == nil ? "ClusterIP" : "NodePort",
                    "selector": selector(part)["matchLabels"] ?? [:],
                    "ports": [.object(entry)],
                ]
            ]
        )
    }
}
