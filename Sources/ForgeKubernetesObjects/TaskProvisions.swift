// SPDX-License-Identifier: Apache-2.0

/// What the platform gives to the phases of tasks (specs/kubernetes.md §7).
package struct TaskProvisions: Hashable, Sendable {
    /// The content of CNB_REGISTRY_AUTH, for phases that run no code of the app; nil when the registry asks for nothing.
    package var registryAuth: String?
    /// The certificates (PEM) that phases trust which call the outside; nil leaves the image's own.
    package var certificates: String?
    /// What every phase that reaches the outside is told of the way there: proxies, package indexes.
    package var egressEnvironment: [String: String] = [:]
    /// The storage class of cache volumes; nil keeps no cache between builds.
    package var cacheStorageClass: String?
    /// The size of a cache volume, as a quantity.
    package var cacheSize = "10Gi"

    /// Gives nothing.
    package init() {}
}
