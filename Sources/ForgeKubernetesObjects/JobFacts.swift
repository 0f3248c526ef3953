// SPDX-License-Identifier: Apache-2.0

package import ForgeJSON
package import ForgeModel

/// The little of a Job that says how its task stands.
package struct JobFacts: Hashable, Sendable {
    /// The task's name.
    package let task: String
    /// Its phases, in order.
    package let phases: [String]
    /// How long the task may take, in seconds.
    package let timeout: Int
    /// Whether all phases exited with 0.
    package let hasSucceeded: Bool
    /// Why it failed, in the controller's words; nil unless it did.
    package let failure: String?
    /// Whether it failed because it took too long.
    package let isLate: Bool
    /// Whether it is being deleted.
    package let isEnding: Bool
    /// When the platform first saw it, on its own clock.
    package let since: Timestamp

    /// Reads a Job; what was known of it before tells since when.
    package init(_ job: JSONValue, after previous: JobFacts?, at now: Timestamp) {
        let conditions = Conditions(job["status"] ?? [:])
        let pod = job["spec", "template", "spec"] ?? [:]
        task = job["metadata", "labels"]?.object?[KubernetesLabel.task]?.string ?? ""
        phases = ["initContainers", "containers"].flatMap { list in
            (pod[list]?.array ?? []).prefix(32).compactMap { $0["name"]?.string }
        }
        timeout = pod["activeDeadlineSeconds"]?.integer ?? 0
        hasSucceeded = conditions.isTrue("Complete")
        failure = conditions.approval("Failed")
        isLate = failure != nil && conditions.reason("Failed") == "DeadlineExceeded"
        isEnding = job["metadata", "deletionTimestamp"] != nil
        since = previous?.since ?? now
    }
}
