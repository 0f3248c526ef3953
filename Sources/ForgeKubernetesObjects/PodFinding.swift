// SPDX-License-Identifier: Apache-2.0

import ForgeModel

/// One thing that keeps a pod from becoming ready, and from when on it counts as failed.
struct PodFinding: Hashable, Sendable {
    /// How long the scheduler may find no node, and a quota no room, before that is told, in milliseconds: what ends may
    /// still make room.
    private static let patienceForRoom = 10_000
    /// How long an image may be unavailable, in milliseconds: the registry may be starting.
    private static let patienceForImage = 20_000
    /// A container that ended this often has failed.
    private static let tolerableEnds = 2

    /// What happened, to be put behind the service's name.
    let sentence: String
    /// Whose log says more.
    var log: LogSource?
    /// From when on it counts.
    let from: Timestamp

    /// What is wrong with a workload's pod; nil when nothing is.
    init?(_ pod: PodFacts, of workload: Workload) {
        guard !pod.isReady else { return nil }
        if let sentence = pod.unschedulable {
            self.init(noNode: sentence, since: pod.since, patience: Self.patienceForRoom)
            return
        }
        guard let container = pod.containers.last else { return nil }
        if let start = Self(startOf: container, since: pod.since) {
            self = start
        } else if let ending = Self(endsOf: container, of: workload, pod) {
            self = ending
        } else if let silence = Self(silenceOf: container, of: workload, pod) {
            self = silence
        } else {
            return nil
        }
    }

    /// Why pods do not even come to be; nil when they do.
    init?(refusalOf deployment: DeploymentFacts) {
        guard let refusal = deployment.refusal else { return nil }
        self.init(
            sentence: "cannot start: the cluster refuses its pod: \(refusal)",
            from: deployment.refusedSince.adding(milliseconds: Self.patienceForRoom)
        )
    }

    /// That no node takes a pod.
    init(noNode sentence: String, since: Timestamp, patience: Int) {
        self.init(
            sentence: "cannot start: no node can take it: \(sentence)",
            from: since.adding(milliseconds: patience)
        )
    }

    /// Why a container cannot be started; nil when nothing of that kind is wrong.
    init?(startOf container: ContainerFacts, since: Timestamp) {
        switch container.state {
        case .waiting(.imageMissing(let image)):
            self.init(sentence: "cannot start: the registry has no image \(image)", from: since)
        case .waiting(.imageUnavailable(let message)):
            self.init(
                sentence: "cannot start: its image cannot be pulled: \(message)",
                from: since.adding(milliseconds: Self.patienceForImage)
            )
        case .waiting(.impossible(let message)): self.init(sentence: "cannot start: \(message)", from: since)
        case .waiting(.starting), .waiting(.crashLoop), .running, .ended:
            guard let fault = container.lastEnding?.startFault else { return nil }
            self.init(sentence: "cannot start: \(fault)", from: since)
        }
    }

    // MARK: Workloads

    private init?(endsOf container: ContainerFacts, of workload: Workload, _ pod: PodFacts) {
        guard let ending = container.lastEnding, ending.isOutOfMemory || container.ends >= Self.tolerableEnds else {
            return nil
        }
        let times = Sentence.times(container.ends)
        let isRunning = container.state == .running
        // The kubelet kills what is silent for the whole grace.
        if !ending.isOutOfMemory, let silence = Self.silence(workload),
            workload.healthcheck.grace.wholeSeconds <= ending.seconds,
            [137, 143].contains(ending.code)
        {
            self.init(sentence: silence, from: pod.since)
        } else if ending.isOutOfMemory {
            self.init(
                sentence: "was killed \(times) at its memory limit of \(workload.resources.memory)",
                from: pod.since
            )
        } else {
            self.init(sentence: "exited with \(ending.code) \(times)", from: pod.since)
        }
        log = LogSource(pod: pod.name, container: container.name, isPrevious: isRunning)
    }

    private init?(silenceOf container: ContainerFacts, of workload: Workload, _ pod: PodFacts) {
        guard container.state == .running, !container.hasStarted, let sentence = Self.silence(workload) else {
            return nil
        }
        self.init(
            sentence: sentence,
            log: LogSource(pod: pod.name, container: container.name, isPrevious: false),
            from: pod.since.adding(milliseconds: workload.healthcheck.grace.milliseconds)
        )
    }

    /// What is said of a container that runs and does not answer; nil when it is not asked.
    private static func silence(_ workload: Workload) -> String? {
        let port = workload.port.map(String.init) ?? "?"
        switch workload.healthcheck {
        case .none: return nil
        case .tcp(let grace): return "did not listen on port \(port) within \(grace)"
        case .http(let path, let grace):
            return "did not answer GET \(path) on port \(port) with 200 to 399 within \(grace)"
        }
    }

    private init(sentence: String, log: LogSource? = nil, from: Timestamp) {
        self.sentence = sentence
        self.log = log
        self.from = from
    }
}
