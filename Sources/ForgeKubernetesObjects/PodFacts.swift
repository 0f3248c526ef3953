// SPDX-License-Identifier: Apache-2.0

package import ForgeJSON
package import ForgeModel

/// The little of a pod that matters to rollouts, tasks and logs.
package struct PodFacts: Hashable, Sendable {
    /// The most containers of a pod that are read, of each sort.
    private static let containersLimit = 32

    /// Its name.
    package let name: String
    /// The process type, on pods of workloads.
    package let process: ProcessType?
    /// The task, on pods of jobs.
    package let task: String?
    /// The hash of the template that it was made from.
    package let set: String
    /// Whether it may get requests.
    package let isReady: Bool
    /// Whether it has been told to stop.
    package let isEnding: Bool
    /// `Pending`, `Running`, `Succeeded`, `Failed`, `Unknown`.
    package let phase: String
    /// Why the pod as a whole ended: `DeadlineExceeded`, `Evicted`.
    package let reason: String
    /// The sentence with that.
    package let message: String
    /// Why no node takes it, in the scheduler's words; nil when one did or none was asked yet.
    package let unschedulable: String?
    /// The init containers, in their order, and then the others.
    package let containers: [ContainerFacts]
    /// When the platform first saw its containers as they are now: on the platform's own clock, so that a node whose
    /// clock is wrong fails no rollout.
    package private(set) var since: Timestamp

    /// Reads a pod; what was known of it before tells whether it is still as it was.
    package init(_ pod: JSONValue, after previous: PodFacts?, at now: Timestamp) {
        let labels = pod["metadata", "labels"]?.object ?? [:]
        let status = pod["status"] ?? [:]
        let conditions = Conditions(status)
        name = pod["metadata", "name"]?.string ?? ""
        process = labels[KubernetesLabel.process]?.string.flatMap { try? ProcessType($0) }
        task = labels[KubernetesLabel.task]?.string
        set = labels[KubernetesLabel.set]?.string ?? ""
        isReady = conditions.isTrue("Ready")
        isEnding = pod["metadata", "deletionTimestamp"] != nil
        phase = status["phase"]?.string ?? ""
        reason = status["reason"]?.string ?? ""
        message = Sentence.bounded(status["message"]?.string ?? "")
        unschedulable = conditions.refusal("PodScheduled")
        containers = Self.containers(of: pod, status, after: previous?.containers ?? [])
        since = now
        if let previous, isLike(previous) { since = previous.since }
    }

    /// The statuses in the order of the spec: servers list them by name or by age.
    private static func containers(
        of pod: JSONValue,
        _ status: JSONValue,
        after previous: [ContainerFacts]
    ) -> [ContainerFacts] {
        [("initContainers", "initContainerStatuses"), ("containers", "containerStatuses")].flatMap { spec, list in
            let facts = (status[list]?.array ?? []).prefix(containersLimit).compactMap { status in
                ContainerFacts(status, after: previous.first { $0.name == status["name"]?.string })
            }
            let names = (pod["spec", spec]?.array ?? []).prefix(containersLimit)
                .compactMap { $0["name"]?.string }
            return names.compactMap { name in facts.first { $0.name == name } }
        }
    }

    /// Whether time goes on counting: the same run of the same containers, or the same refusal to schedule it.
    private func isLike(_ other: PodFacts) -> Bool {
        (unschedulable == nil) == (other.unschedulable == nil)
            && containers.map(\.run) == other.containers.map(\.run)
    }
}
