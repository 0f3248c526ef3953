// SPDX-License-Identifier: Apache-2.0

package import ForgeJSON

/// Whether a part of the platform runs as it was applied, read from the cluster's own words.
package enum PlatformReadiness {
    /// The kinds that have pods to wait for.
    package static let kinds: Set<String> = ["Deployment", "StatefulSet", "DaemonSet"]

    /// Why it is not ready yet, as one line; nil when it is.
    ///
    /// - Parameters:
    ///   - workload: the Deployment, StatefulSet or DaemonSet; nil when it is not there.
    ///   - pods: its pods.
    package static func problem(_ workload: JSONValue?, pods: [JSONValue]) -> String? {
        guard let workload, let counts = Counts(workload) else { return "it is not there" }
        if counts.isObserved, counts.updated == counts.wanted, counts.ready == counts.wanted { return nil }
        let count = "\(min(counts.ready, counts.updated)) of \(counts.wanted) ready"
        return ([count] + pods.compactMap(reason).prefix(1)).joined(separator: ": ")
    }

    private struct Counts {
        let isObserved: Bool
        let wanted: Int
        let updated: Int
        let ready: Int

        init?(_ workload: JSONValue) {
            guard let generation = workload["metadata", "generation"]?.integer else { return nil }
            let status = workload["status"]
            let number = { (name: String) in status?[name]?.integer ?? 0 }
            isObserved = number("observedGeneration") >= generation
            if workload["kind"]?.string == "DaemonSet" {
                wanted = number("desiredNumberScheduled")
                updated = number("updatedNumberScheduled")
                ready = number("numberReady")
            } else {
                wanted = workload["spec", "replicas"]?.integer ?? 1
                updated = number("updatedReplicas")
                ready = number("readyReplicas")
            }
        }
    }

    /// What keeps a pod from being ready.
    private static func reason(_ pod: JSONValue) -> String? {
        if pod["metadata", "deletionTimestamp"] != nil { return nil }
        for condition in pod["status", "conditions"]?.array ?? []
        where condition["type"] == "PodScheduled" && condition["status"] == "False" {
            return said("no node takes it", condition["message"]?.string)
        }
        let status = pod["status"]
        let containers = (status?["initContainerStatuses"]?.array ?? []) + (status?["containerStatuses"]?.array ?? [])
        for container in containers {
            let name = container["name"]?.string ?? "container"
            let last = container["lastState", "terminated"] ?? container["state", "terminated"]
            if let waiting = container["state", "waiting"], let reason = waiting["reason"]?.string,
                !["ContainerCreating", "PodInitializing"].contains(reason)
            {
                let code = last?["exitCode"]?.integer.map { "it exited with \($0)" }
                return said("\(name): \(reason)", code ?? waiting["message"]?.string)
            }
            if let code = last?["exitCode"]?.integer, code != 0 { return "\(name) exited with \(code)" }
        }
        return nil
    }

    private static func said(_ what: String, _ message: String?) -> String {
        guard let line = message?.split(whereSeparator: \.isNewline).first else { return what }
        return "\(what): \(line.prefix(300))"
    }
}
