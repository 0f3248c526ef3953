// SPDX-License-Identifier: Apache-2.0

package import ForgeJSON

/// Whether a part of the platform runs as it was applied, read from the cluster's own words.
package enum PlatformReadiness {
    /// The kinds that have pods to wait for.
    package static let kinds: Set<String> = ["Deployment", "StatefulSet", "DaemonSet"]

    /// Why a part is not ready yet.
    package struct Problem: Hashable, Sendable {
        /// One line: `0 of 1 ready: forge-api exited with 69`.
        package let text: String
        /// The pod and its container that ended, whose last words say why; nil when none has.
        package var ended: Container?
    }

    /// A container of a pod.
    package struct Container: Hashable, Sendable {
        /// The pod.
        package let pod: String
        /// The container.
        package let name: String
        /// Whether another one runs in its place by now.
        package let isReplaced: Bool
    }

    /// Why it is not ready yet; nil when it is.
    ///
    /// - Parameters:
    ///   - workload: the Deployment, StatefulSet or DaemonSet; nil when it is not there.
    ///   - pods: its pods.
    package static func problem(_ workload: JSONValue?, pods: [JSONValue]) -> Problem? {
        guard let workload, let counts = Counts(workload) else { return Problem(text: "it is not there") }
        if counts.isObserved, counts.updated == counts.wanted, counts.ready == counts.wanted, counts.old == 0 {
            return nil
        }
        let count = "\(min(counts.ready, counts.updated)) of \(counts.wanted) ready"
        guard let reason = pods.lazy.compactMap(reason).first else { return Problem(text: count) }
        return Problem(text: "\(count): \(reason.text)", ended: reason.ended)
    }

    private struct Counts {
        let isObserved: Bool
        let wanted: Int
        let updated: Int
        let ready: Int
        /// Pods of an earlier template: they still do work, and may be those that are ready.
        let old: Int

        init?(_ workload: JSONValue) {
            guard let generation = workload["metadata", "generation"]?.integer else { return nil }
            let status = workload["status"]
            let number = { (name: String) in status?[name]?.integer ?? 0 }
            isObserved = number("observedGeneration") >= generation
            if workload["kind"]?.string == "DaemonSet" {
                wanted = number("desiredNumberScheduled")
                updated = number("updatedNumberScheduled")
                ready = number("numberReady")
                old = 0
            } else {
                wanted = workload["spec", "replicas"]?.integer ?? 1
                updated = number("updatedReplicas")
                ready = number("readyReplicas")
                old = max(0, number("replicas") - updated)
            }
        }
    }

    /// What keeps a pod from being ready.
    private static func reason(_ pod: JSONValue) -> Problem? {
        if pod["metadata", "deletionTimestamp"] != nil { return nil }
        for condition in pod["status", "conditions"]?.array ?? []
        where condition["type"] == "PodScheduled" && condition["status"] == "False" {
            return Problem(text: said("no node takes it", condition["message"]?.string))
        }
        let status = pod["status"]
        let containers = (status?["initContainerStatuses"]?.array ?? []) + (status?["containerStatuses"]?.array ?? [])
        for container in containers {
            let name = container["name"]?.string ?? "container"
            let last = container["lastState", "terminated"] ?? container["state", "terminated"]
            let code = last?["exitCode"]?.integer ?? 0
            let ended = Container(
                pod: pod["metadata", "name"]?.string ?? "",
                name: name,
                isReplaced: container["state", "terminated"] == nil
            )
            if let waiting = container["state", "waiting"], let reason = waiting["reason"]?.string,
                !["ContainerCreating", "PodInitializing"].contains(reason)
            {
                let message = code != 0 ? "it exited with \(code)" : waiting["message"]?.string
                return Problem(text: said("\(name): \(reason)", message), ended: code != 0 ? ended : nil)
            }
            if code != 0 { return Problem(text: "\(name) exited with \(code)", ended: ended) }
        }
        return nil
    }

    private static func said(_ what: String, _ message: String?) -> String {
        guard let line = message?.split(whereSeparator: \.isNewline).first else { return what }
        return "\(what): \(line.prefix(300))"
    }
}
