// SPDX-License-Identifier: Apache-2.0

import ForgeJSON
import ForgeKubernetesClient

/// Objects and kinds that the tests use.
enum Sample {
    static let configMaps = APIResource(
        group: "",
        version: "v1",
        kind: "ConfigMap",
        plural: "configmaps",
        isNamespaced: true
    )
    static let secrets = APIResource(group: "", version: "v1", kind: "Secret", plural: "secrets", isNamespaced: true)
    static let pods = APIResource(group: "", version: "v1", kind: "Pod", plural: "pods", isNamespaced: true)
    static let deployments = APIResource(
        group: "apps",
        version: "v1",
        kind: "Deployment",
        plural: "deployments",
        isNamespaced: true
    )

    /// A ConfigMap with one entry, labelled so that a watch can leave out what the cluster itself puts into a namespace.
    static func configMap(_ name: String, _ text: String = "") -> JSONValue {
        [
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": ["name": .string(name), "labels": ["test": "yes"]], "data": ["text": .string(text)],
        ]
    }
}
