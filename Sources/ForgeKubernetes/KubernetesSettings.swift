// SPDX-License-Identifier: Apache-2.0

package import ForgeKubernetesObjects

/// Which part of a cluster is the platform's, and what it gives to what it runs there (specs/kubernetes.md §2, §7).
package struct KubernetesSettings: Sendable {
    /// Names, namespaces and classes.
    package var naming: KubernetesNaming
    /// What phases of tasks are given.
    package var provisions = TaskProvisions()
    /// How many builds run at once; others wait in the order in which they came.
    package var builds = 2

    /// Settings of one instance.
    package init(_ naming: KubernetesNaming) { self.naming = naming }
}
