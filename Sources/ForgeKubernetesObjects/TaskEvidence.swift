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

    /// How far the task is.
    package private(set) var verdict: Verdict
    /// When looking again may give another verdict although nothing happens in the cluster; nil when only events can.
    package private(set) var nextLook: Timestamp?

    /// Judges; `now` is the platform's own clock.
    package init(of job: JobFacts, pods: [PodFacts], at now: Timestamp) {
        verdict = .running(phase: job.phases.first ?? job.task)
    }
}
