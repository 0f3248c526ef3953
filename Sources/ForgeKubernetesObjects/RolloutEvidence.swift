// SPDX-License-Identifier: Apache-2.0

package import ForgeModel

/// What a Deployment and its pods say of a rollout (specs/kubernetes.md §6): pure, so every line of the table is tried
/// without a cluster.
package struct RolloutEvidence: Hashable, Sendable {
    /// How far the rollout is.
    package enum Verdict: Hashable, Sendable {
        /// This many pods of the wanted set are ready.
        case progressing(ready: Int)
        /// Exactly the wanted pods are there and ready.
        case complete
        /// It will not become ready; the message begins with the service, and the log says more where there is one.
        case failed(message: String, log: LogSource?)
    }

    /// How far the rollout is.
    package private(set) var verdict: Verdict
    /// When looking again may give another verdict although nothing happens in the cluster; nil when only events can.
    package private(set) var nextLook: Timestamp?

    /// Judges.
    ///
    /// - Parameters:
    ///   - set: the hash of the wanted template (`KubernetesDialect.set`).
    ///   - pods: the pods of the process type, of whatever set.
    ///   - now: the platform's own clock.
    package init(of workload: Workload, set: String, deployment: DeploymentFacts, pods: [PodFacts], at now: Timestamp) {
        let own = pods.filter { $0.set == set && !$0.isEnding }.sorted { $0.name < $1.name }
        verdict = .progressing(ready: own.filter(\.isReady).count)
        // Before the apply has been seen, what is there says nothing of what is wanted.
        guard deployment.set == set, deployment.wanted == workload.instances else { return }
        guard !deployment.isComplete else {
            verdict = .complete
            return
        }
        var findings = own.compactMap { PodFinding($0, of: workload) }
        if deployment.isObserved, let refusal = PodFinding(refusalOf: deployment) { findings.append(refusal) }
        if let worst = findings.first(where: { $0.from <= now }) {
            verdict = .failed(message: "\(workload.service) \(worst.sentence)", log: worst.log)
        } else if deployment.isStuck, deployment.isObserved {
            verdict = .failed(message: "\(workload.service) did not become ready in time", log: nil)
        } else {
            nextLook = findings.map(\.from).min()
        }
    }

    /// How a Deployment stands by itself, whatever is wanted.
    package static func standing(of deployment: DeploymentFacts, pods: [PodFacts]) -> RolloutState {
        guard !deployment.isComplete else { return .complete(ready: deployment.wanted) }
        let ready = pods.filter { $0.set == deployment.set && !$0.isEnding && $0.isReady }.count
        return .progressing(ready: ready, wanted: deployment.wanted)
    }
}
