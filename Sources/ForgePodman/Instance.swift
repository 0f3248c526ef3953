// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeModel

/// One container of a workload, read from podman and its labels.
struct Instance: Hashable, Sendable {
    /// podman's states, as far as they make a difference here.
    enum State: Hashable, Sendable {
        /// Never started since it was created or since the machine started.
        case created
        case running
        /// Asked to stop, or being removed.
        case stopping
        case exited
    }

    let id: String
    let app: AppName
    let process: ProcessType
    let set: String
    let ordinal: Int
    let generation: Generation
    let unit: UnitFields
    let created: Moment
    let state: State
    let started: Moment
    /// When it ended last.
    let finished: Moment
    let exitCode: Int
    /// How often podman started it again since it was last started by a call.
    let restarts: Int
    let address: String?
    let logPath: String
    /// Seconds.
    let stopTimeout: Int
    let healthcheck: Healthcheck
    let port: Int?

    /// Reads a container; nil when it is not one of a workload.
    init?(_ details: ContainerDetails) {
        let labels = details.labels
        guard let app = labels[Label.app].flatMap({ try? AppName($0) }),
            let process = labels[Label.process].flatMap({ try? ProcessType($0) }), let set = labels[Label.set],
            let ordinal = labels[Label.ordinal].flatMap({ Int($0) }),
            let generation = labels[Label.generation].flatMap({ Int($0) }),
            let unit = labels[Label.unit].flatMap({ UnitFields(json: $0) })
        else { return nil }
        self.app = app
        self.process = process
        self.set = set
        self.ordinal = ordinal
        self.generation = Generation(number: generation)
        self.unit = unit
        id = details.id
        created = details.created
        state = State(podman: details.state.status)
        started = details.state.startedAt
        finished = details.state.finishedAt
        exitCode = details.state.exitCode
        restarts = details.restarts
        address = details.address
        logPath = details.logPath
        stopTimeout = details.stopTimeout
        healthcheck = unit.healthcheck
        port = unit["port"].flatMap { Int($0) }
    }

    /// `<app>.<process>`.
    var service: String { "\(app).\(process)" }
    /// The container in few letters: `web.7f3a`.
    var shortName: String { "\(process).\(id.prefix(4))" }
    /// Where it answers, while it runs.
    var endpoint: Endpoint? {
        guard state == .running, let address, let port else { return nil }
        return Endpoint(address: address, port: port)
    }
    /// This run of the container: a restarted one has to become ready again.
    var run: Run { Run(container: id, started: started) }

    /// One run of one container.
    struct Run: Hashable, Sendable {
        let container: String
        let started: Moment
    }
}

extension Instance.State {
    /// Reads podman's word (`define.ContainerStatus`).
    init(podman word: String) {
        switch word {
        case "running", "paused": self = .running
        case "stopping", "removing": self = .stopping
        case "exited", "stopped": self = .exited
        default: self = .created
        }
    }
}
