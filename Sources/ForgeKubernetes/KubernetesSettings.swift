// SPDX-License-Identifier: Apache-2.0

import ForgeModel

/// Which part of a cluster is the platform's, and what it tells the objects that it makes (specs/kubernetes.md §2, §7).
package struct KubernetesSettings: Sendable {
    /// Tells the objects of several platforms on one cluster apart: a label's value.
    package let instance: String
    /// Where the apps of the team are.
    package var appsNamespace = "forge-apps"
    /// Where builds run.
    package var buildsNamespace = "forge-builds"
    /// Where the platform itself runs; its router may reach every app.
    package var systemNamespace = "forge-system"
    /// The class of the Ingresses: `forge` is the platform's own router.
    package var ingressClass = "forge"
    /// How many builds run at once; others wait in the order in which they came.
    package var builds = 2
    /// The content of CNB_REGISTRY_AUTH, for phases that run no code of the app; nil when the registry asks for nothing.
    package var registryAuth: String?
    /// The certificates (PEM) that phases trust which call the outside; nil leaves the image's own.
    package var certificates: String?
    /// What every phase that reaches the outside is told of the way there: proxies, package indexes.
    package var egressEnvironment: [String: String] = [:]

    /// Settings of one instance.
    ///
    /// Throws `InvalidValue` when `instance` is not 1 to 12 of a-z and 0-9: it becomes a label's value and part of names.
    package init(instance: String) throws {
        guard (1...12).contains(instance.utf8.count),
            instance.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) })
        else {
            throw InvalidValue(
                kind: "platform instance name",
                text: instance,
                rule: "use 1 to 12 lower-case letters and digits"
            )
        }
        self.instance = instance
    }
}
