// SPDX-License-Identifier: Apache-2.0

/// The labels of the platform's objects on Kubernetes (specs/kubernetes.md §2).
package enum KubernetesLabel {
    /// The name under which the platform writes: the field manager, and the value of `managedBy`.
    package static let manager = "forge"
    /// Marks what forge applies: its value is `forge`.
    package static let managedBy = "app.kubernetes.io/managed-by"
    /// The platform instance that owns the object.
    package static let instance = "paas.forge/instance"
    /// The app; absent on objects that all apps share.
    package static let app = "paas.forge/app"
    /// What a namespace is for: `apps`, `builds`, `system`.
    package static let namespace = "paas.forge/namespace"
    /// The process type.
    package static let process = "paas.forge/process"
    /// The task of a job and its pods.
    package static let task = "paas.forge/task"
    /// A hash of the pod template: it tells new pods from old ones.
    package static let set = "paas.forge/set"
}
