// SPDX-License-Identifier: Apache-2.0

package import ForgeModel

/// How an app is, from what is recorded and what is seen now (specs/states.md §6).
package struct AppStatus: Sendable {
    /// One word for it.
    package enum State: String, Sendable, Codable {
        /// The live release serves as described.
        case live
        /// A generation is under way.
        case deploying
        /// The newest generation failed, and nothing serves.
        case failed
        /// The live release does not run as described.
        case degraded
        /// The live release runs nothing, as described.
        case stopped
        /// It is being removed.
        case destroying
        /// What runs cannot be seen.
        case unknown
    }

    /// A process type.
    package struct Process: Sendable {
        /// Its type.
        package let type: ProcessType
        /// How many containers are ready; nil when that cannot be seen.
        package let ready: Int?
        /// How many should be.
        package let wanted: Int
        /// The bounds of each.
        package let resources: Resources
        /// The port that each listens on.
        package let port: Int?
        /// When one counts as ready.
        package let healthcheck: Healthcheck
    }

    /// The app.
    package let app: AppName
    /// One word for it.
    package let state: State
    /// The release that serves.
    package let live: Release?
    /// Where it answers.
    package let host: Host?
    /// The process types of the live release that should run, sorted.
    package let processes: [Process]
    /// The generation that is under way, with the step that it is at.
    package let underWay: (generation: Generation, step: String?, detail: String?)?
    /// How the newest generation failed, if it did.
    package let failure: DeployFailure?
    /// What could not be seen.
    package let unknown: [String]
}

/// Reads how apps are: only reads.
package struct AppStatusReader: Sendable {
    private let store: any StateStore
    private let observer: Observer

    /// Reads through these.
    package init(store: any StateStore, observer: Observer) {
        self.store = store
        self.observer = observer
    }

    /// How one app is; nil when it is not known.
    package func status(_ app: AppName) async throws -> AppStatus? {
        guard let desired = try await store.desired(app) else { return nil }
        let record = try await store.record(app)
        let journal = try await store.journal(app)
        let (platform, observation) = try await observer.look(app)
        var unknown: [String] = []
        var rollouts: [ProcessType: RolloutState] = [:]
        switch observation {
        case .known(let cluster): rollouts = cluster.rollouts
        case .unknown(let reason): unknown.append(reason)
        }
        let processes = record.live.map { runningTypes(of: $0, rollouts, isKnown: unknown.isEmpty) } ?? []
        let isUnderWay = record.settled != desired.generation
        let open = journal?.entries.last { $0.doneAt == nil }
        return AppStatus(
            app: app,
            state: state(desired, record, processes, isUnderWay: isUnderWay),
            live: record.live,
            host: processes.contains { $0.type == .web } ? try platform?.host(of: app) : nil,
            processes: processes,
            underWay: isUnderWay ? (desired.generation, open?.step, open?.detail) : nil,
            failure: record.failure,
            unknown: unknown
        )
    }

    private func runningTypes(
        of release: Release,
        _ rollouts: [ProcessType: RolloutState],
        isKnown: Bool
    ) -> [AppStatus.Process] {
        let settings = release.manifest.processes(with: release.imageProcesses)
        return settings.filter { $0.value.instances > 0 }.sorted { $0.key < $1.key }.map { type, wanted in
            let ready: Int? =
                switch rollouts[type] {
                case .complete(let ready)?: ready
                case .progressing(let ready, _)?: ready
                case .failed?: 0
                case nil: isKnown ? 0 : nil
                }
            return AppStatus.Process(
                type: type,
                ready: ready.map { min($0, wanted.instances) },
                wanted: wanted.instances,
                resources: wanted.resources,
                port: wanted.port,
                healthcheck: wanted.healthcheck
            )
        }
    }

    private func state(
        _ desired: DesiredApp,
        _ record: AppRecord,
        _ processes: [AppStatus.Process],
        isUnderWay: Bool
    ) -> AppStatus.State {
        if isUnderWay { return desired.wish == .destroy ? .destroying : .deploying }
        guard record.live != nil else { return .failed }
        if processes.contains(where: { $0.ready == nil }) { return .unknown }
        if processes.isEmpty { return .stopped }
        return processes.allSatisfy { $0.ready == $0.wanted } ? .live : .degraded
    }
}
