// SPDX-License-Identifier: Apache-2.0

/// What a task needs on a cluster.
package struct TaskObjects: Hashable, Sendable {
    /// What has to be there first, in this order: namespaces and their walls (shared), certificates, the cache volume.
    package let foundations: [KubernetesObject]
    /// The Secret with the registry's credentials, removed with the job; nil when no phase gets them.
    package let credentials: KubernetesObject?
    /// The job itself: it is created, never applied, for nothing of it may change.
    package let job: KubernetesObject
}
