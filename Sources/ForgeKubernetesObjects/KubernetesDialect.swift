// SPDX-License-Identifier: Apache-2.0

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
    package func objects(of unit: Unit) -> [KubernetesObject] { [] }

    /// The objects of one unit in the spelling that live ones are compared in.
    package func encode(_ unit: Unit) -> [NativeObject] { objects(of: unit).map(\.native) }

    /// What a task needs: its job, and what has to be there before.
    package func objects(of task: ClusterTask, _ provisions: TaskProvisions) -> TaskObjects? { nil }

    /// The hash of a workload's pod template; nil while its image is not known.
    package func set(of workload: Workload) -> String? { nil }

    package func listKey(kind: String, path: [String]) -> String? { nil }
    package func unenforced(_ units: [Unit]) -> [String] { [] }
}
