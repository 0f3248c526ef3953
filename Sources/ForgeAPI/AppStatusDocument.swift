// SPDX-License-Identifier: Apache-2.0

package import ForgeModel
package import ForgePlan

/// How an app stands, as it was seen just now (specs/api.md §8).
package struct AppStatusDocument: Hashable, Sendable, Codable {
    /// The whole in one word.
    package enum State: String, Sendable, Codable {
        /// Everything that is wanted runs and is ready.
        case live
        /// A generation is on its way.
        case deploying
        /// The newest generation failed, and nothing serves.
        case failed
        /// Less is ready than is wanted.
        case degraded
        /// Nothing should run.
        case stopped
        /// The app is being removed.
        case destroying
        /// What runs cannot be seen.
        case unknown
    }

    /// The app.
    package let app: AppName
    /// The whole in one word.
    package let state: State
    /// The release that serves, or served last.
    package let release: ReleaseNumber?
    /// Since when it serves.
    package let since: Timestamp?
    /// Who asked for it, by the name of the token.
    package let by: String?
    /// Where the web process answers.
    package let url: String?
    /// The process types that are wanted or seen, web first, then by name.
    package let processes: [ProcessStatus]
    /// What is on its way.
    package let deploying: DeployStatus?
    /// How the newest generation failed, if it did.
    package let failure: DeployFailure?
    /// What could not be seen.
    package let unknown: [Unknown]

    /// Describes how an app stands.
    package init(
        app: AppName,
        state: State,
        release: ReleaseNumber? = nil,
        since: Timestamp? = nil,
        by: String? = nil,
        url: String? = nil,
        processes: [ProcessStatus] = [],
        deploying: DeployStatus? = nil,
        failure: DeployFailure? = nil,
        unknown: [Unknown] = []
    ) {
        self.app = app
        self.state = state
        self.release = release
        self.since = since
        self.by = by
        self.url = url
        self.processes = processes
        self.deploying = deploying
        self.failure = failure
        self.unknown = unknown
    }
}

/// How one process type stands.
package struct ProcessStatus: Hashable, Sendable, Codable {
    /// Its type.
    package let type: ProcessType
    /// How many containers are ready; nil when that cannot be seen.
    package let ready: Int?
    /// How many should be.
    package let wanted: Int
    /// The bound of processor time of each.
    package let cpu: CPU
    /// The bound of memory of each.
    package let memory: Memory
    /// When a container counts as ready, for people: `GET /up`, `port 8080`; nil when as soon as it runs.
    package let healthcheck: String?

    /// Describes a process type.
    package init(type: ProcessType, ready: Int?, wanted: Int, cpu: CPU, memory: Memory, healthcheck: String? = nil) {
        self.type = type
        self.ready = ready
        self.wanted = wanted
        self.cpu = cpu
        self.memory = memory
        self.healthcheck = healthcheck
    }
}

/// What is on its way to an app.
package struct DeployStatus: Hashable, Sendable, Codable {
    /// The generation.
    package let generation: Generation
    /// The step that is under way, by its identity.
    package let step: String?
    /// How far it is: `2 of 3 ready`.
    package let detail: String?

    /// Describes a deploy under way.
    package init(generation: Generation, step: String? = nil, detail: String? = nil) {
        self.generation = generation
        self.step = step
        self.detail = detail
    }
}

/// Every app: `GET /v1/apps`.
package struct AppListDocument: Hashable, Sendable, Codable {
    /// The apps by name.
    package let apps: [AppStatusDocument]

    /// Lists apps.
    package init(apps: [AppStatusDocument]) { self.apps = apps }
}
