// SPDX-License-Identifier: Apache-2.0

package import ForgeModel

/// What a Job and its pods say of a task (specs/kubernetes.md §7).
package struct TaskEvidence: Hashable, Sendable {
    /// How far the task is.
    package enum Verdict: Hashable, Sendable {
        /// A phase runs, or is about to.
        case running(phase: String)
        /// All phases exited with 0.
        case succeeded
        /// A phase did not; the log says more where there is one.
        case failed(phase: String, exitCode: Int?, reason: String?, log: LogSource?)
    }

    /// How long a task may wait for a node, and for its pod to be made, in milliseconds: other builds may have to end.
    private static let patienceForRoom = 60_000

    /// How far the task is.
    package private(set) var verdict: Verdict
    /// When looking again may give another verdict although nothing happens in the cluster; nil when only events can.
    package private(set) var nextLook: Timestamp?

    /// Judges; `now` is the platform's own clock.
    package init(of job: JobFacts, pods: [PodFacts], at now: Timestamp) {
        let first = job.phases.first ?? job.task
        guard !job.hasSucceeded else {
            verdict = .succeeded
            return
        }
        // A pod that a node lost may have been replaced: the newest one that says something counts.
        let pod = pods.max { ($0.isEnding ? 0 : 1, $0.since) < ($1.isEnding ? 0 : 1, $1.since) }
        verdict = .running(phase: pod?.currentContainer?.name ?? first)
        if let pod, let failure = Self.failure(of: pod, job, first) {
            verdict = failure
        } else if let pod, let finding = Self.finding(pod) {
            wait(for: finding, phase: pod.currentContainer?.name ?? first, at: now)
        } else if job.isLate {
            verdict = .failed(phase: first, exitCode: nil, reason: Self.late(job), log: nil)
        } else if let failure = job.failure, pod?.isDecided ?? true {
            verdict = .failed(phase: first, exitCode: nil, reason: "its pod is lost: \(failure)", log: nil)
        } else if pod == nil {
            let sentence = "the cluster made no pod for it within 60s; 'kubectl describe job' tells why"
            wait(for: (sentence, job.since.adding(milliseconds: Self.patienceForRoom)), phase: first, at: now)
        }
    }

    private mutating func wait(for finding: (sentence: String, from: Timestamp), phase: String, at now: Timestamp) {
        if finding.from <= now {
            verdict = .failed(phase: phase, exitCode: nil, reason: finding.sentence, log: nil)
        } else {
            nextLook = finding.from
        }
    }

    /// What keeps a pod from starting its next phase.
    private static func finding(_ pod: PodFacts) -> (String, Timestamp)? {
        if let sentence = pod.unschedulable {
            let finding = PodFinding(noNode: sentence, since: pod.since, patience: patienceForRoom)
            return (finding.sentence, finding.from)
        }
        return pod.currentContainer.flatMap { PodFinding(startOf: $0, since: pod.since) }.map { ($0.sentence, $0.from) }
    }

    /// How a pod has ended that did not succeed; nil when it goes on.
    private static func failure(of pod: PodFacts, _ job: JobFacts, _ first: String) -> Verdict? {
        if pod.reason == "DeadlineExceeded" {
            let phase = pod.currentContainer?.name ?? first
            return .failed(phase: phase, exitCode: nil, reason: late(job), log: pod.log(of: phase))
        }
        for container in pod.containers {
            guard case .ended(let ending) = container.state, ending.code != 0 else { continue }
            return .failed(
                phase: container.name,
                exitCode: ending.startFault == nil ? ending.code : nil,
                reason: ending.startFault.map { "cannot start: \($0)" }
                    ?? (ending.isOutOfMemory ? "was killed at its memory limit" : nil),
                log: pod.log(of: container.name)
            )
        }
        guard pod.phase == "Failed" else { return nil }
        let phase = pod.currentContainer?.name ?? first
        let reason = [pod.reason, pod.message].filter { !$0.isEmpty }.joined(separator: ": ")
        return .failed(phase: phase, exitCode: nil, reason: "its pod ended: \(reason)", log: pod.log(of: phase))
    }

    private static func late(_ job: JobFacts) -> String { "took longer than \(TimeSpan(seconds: job.timeout))" }
}

extension PodFacts {
    /// Whether it will not tell more than it has: jobs and pods are watched apart, so a job may be seen to have failed
    /// before its pod is.
    fileprivate var isDecided: Bool { isEnding || phase == "Failed" || phase == "Succeeded" }

    /// The first container that has not ended well: the one that is the pod's present work.
    var currentContainer: ContainerFacts? {
        containers.first { container in
            if case .ended(let ending) = container.state { ending.code != 0 } else { true }
        }
    }

    /// The log of a container that did run.
    fileprivate func log(of container: String) -> LogSource? {
        guard let facts = containers.first(where: { $0.name == container }) else { return nil }
        if case .waiting = facts.state { return nil }
        return LogSource(pod: name, container: container, isPrevious: false)
    }
}
