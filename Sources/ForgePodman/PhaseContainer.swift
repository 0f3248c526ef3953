// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeModel

/// The container of a task's phase, read from podman and its labels.
struct PhaseContainer: Sendable {
    /// How it is.
    enum State: Hashable, Sendable {
        /// Created, and never started.
        case created
        case running
        case exited(Int)
        /// It ran when the machine stopped; it is not run again.
        case interrupted
    }

    let id: String
    let task: String
    let index: Int
    let name: String
    let phases: Int
    let state: State
    let finished: Moment
    let deadline: Moment
    /// The task's timeout, as people write it.
    let timeout: String
    let logPath: String

    /// Reads a container; nil when it is not one of a task.
    init?(_ details: ContainerDetails) {
        let labels = details.labels
        guard let task = labels[Label.task], let index = labels[Label.phase].flatMap({ Int($0) }),
            let name = labels[Label.phaseName], let phases = labels[Label.phases].flatMap({ Int($0) }),
            let deadline = labels[Label.deadline].flatMap({ Int64($0) })
        else { return nil }
        id = details.id
        self.task = task
        self.index = index
        self.name = name
        self.phases = phases
        self.deadline = Moment(nanoseconds: deadline &* 1_000_000)
        timeout = labels[Label.timeout] ?? ""
        finished = details.state.finishedAt
        logPath = details.logPath
        switch Instance.State(podman: details.state.status) {
        case .running, .stopping: state = .running
        case .exited: state = .exited(details.state.exitCode)
        case .created: state = details.state.startedAt.isSet ? .interrupted : .created
        }
    }

    /// Whether it ended.
    var isOver: Bool {
        switch state {
        case .created, .running: false
        case .exited, .interrupted: true
        }
    }

    /// Why it failed; nil unless it did.
    var failure: TaskFailure? {
        switch state {
        case .created, .running, .exited(0): nil
        case .exited where finished >= deadline: failure(nil, "took longer than \(timeout)")
        case .exited(let code): failure(code, nil)
        case .interrupted: failure(nil, "was interrupted when the machine stopped")
        }
    }

    /// A failure with the phase's last lines.
    func failure(_ exitCode: Int?, _ reason: String?) -> TaskFailure {
        TaskFailure(phase: name, exitCode: exitCode, reason: reason, output: ContainerLog.lastLines(of: logPath))
    }
}
