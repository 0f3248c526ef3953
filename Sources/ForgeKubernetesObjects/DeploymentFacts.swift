// SPDX-License-Identifier: Apache-2.0

package import ForgeJSON
package import ForgeModel

/// The little of a Deployment that says how its rollout stands.
package struct DeploymentFacts: Hashable, Sendable {
    /// The process type.
    package let process: ProcessType?
    /// The hash of its pod template, as the template's label has it.
    package let set: String
    /// How many pods it asks for.
    package let wanted: Int
    /// Pods that are not ending, of whatever template.
    package let replicas: Int
    /// Of those, pods of the present template.
    package let updated: Int
    /// Pods, of whatever template, that have been ready for long enough.
    package let available: Int
    /// Whether its controller has seen what it asks for now.
    package let isObserved: Bool
    /// Whether it is being deleted.
    package let isEnding: Bool
    /// Why a pod was refused before it came to be: a quota, an admission rule.
    package let refusal: String?
    /// When the platform first saw that, on its own clock.
    package let refusedSince: Timestamp
    /// Whether nothing has come of it for longer than `progressDeadlineSeconds`.
    package let isStuck: Bool

    /// Reads a Deployment; what was known of it before tells since when pods are refused.
    package init(_ deployment: JSONValue, after previous: DeploymentFacts?, at now: Timestamp) {
        let status = deployment["status"] ?? [:]
        let conditions = Conditions(status)
        let template = deployment["spec", "template", "metadata", "labels"]?.object ?? [:]
        func count(_ name: String) -> Int { max(0, status[name]?.integer ?? 0) }
        process = template[KubernetesLabel.process]?.string.flatMap { try? ProcessType($0) }
        set = template[KubernetesLabel.set]?.string ?? ""
        wanted = deployment["spec", "replicas"]?.integer ?? 1
        replicas = count("replicas")
        updated = count("updatedReplicas")
        available = count("availableReplicas")
        isObserved = count("observedGeneration") >= deployment["metadata", "generation"]?.integer ?? 1
        isEnding = deployment["metadata", "deletionTimestamp"] != nil
        refusal = conditions.approval("ReplicaFailure")
        refusedSince = previous.flatMap { $0.refusal == nil ? nil : $0.refusedSince } ?? now
        isStuck = conditions.reason("Progressing") == "ProgressDeadlineExceeded"
    }

    /// Whether exactly the wanted pods, all of the present template, are there and ready.
    package var isComplete: Bool {
        isObserved && updated == wanted && replicas == wanted && available == wanted
    }
}
