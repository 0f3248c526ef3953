// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
package import ForgeModel

extension PodmanCluster {
    /// Starts the first phase that has no container, if the one before it exited with 0.
    ///
    /// The name of a phase's container follows from the task and its place, so podman itself refuses a second one.
    package func advance(_ task: ClusterTask) async throws -> TaskState {
        let containers = try await phases(of: task.name, task.app)
        let deadline = containers.values.first?.deadline ?? .now.adding(milliseconds: task.timeout.milliseconds)
        for (index, phase) in task.phases.enumerated() {
            guard let container = containers[index] else {
                return try await start(phase, at: index, of: task, deadline: deadline)
            }
            switch container.state {
            case .created:
                return try await start(container.id, phase)
            case .running where .now >= deadline:
                try await client.kill(container.id)
                return .failed(container.failure(nil, "took longer than \(task.timeout)"))
            case .running: return .running(phase: phase.name)
            case .exited, .interrupted:
                guard let failure = container.failure else { continue }
                try await client.removeSecret(names.credentials(of: task.name, task.app))
                return .failed(failure)
            }
        }
        try await client.removeSecret(names.credentials(of: task.name, task.app))
        return .succeeded
    }

    /// Kills what runs of a task and removes its containers, scratch volumes and credentials.
    package func discard(_ task: String, of app: AppName) async throws {
        let labels = [owner, (Label.app, app.text), (Label.task, task)]
        for container in try await client.containers(labels) { try await client.remove(container.id) }
        for volume in try await client.volumes(labels) { try await client.removeVolume(volume.name) }
        try await client.removeSecret(names.credentials(of: task, app))
    }

    /// The containers of a task's phases as they are now.
    func phases(of task: String, _ app: AppName) async throws -> [Int: PhaseContainer] {
        let details = try await client.details([owner, (Label.app, app.text), (Label.task, task)])
        return Dictionary(details.compactMap { PhaseContainer($0) }.map { ($0.index, $0) }) { $1 }
    }

    /// How a task stands, from its containers alone.
    func state(ofPhases details: [ContainerDetails]) async throws -> TaskState {
        let containers = details.compactMap { PhaseContainer($0) }.sorted { $0.index < $1.index }
        guard let last = containers.last else { return .absent }
        if let failure = containers.lazy.compactMap(\.failure).first { return .failed(failure) }
        return last.state == .exited(0) && last.index == last.phases - 1 ? .succeeded : .running(phase: last.name)
    }

    // MARK: Starting a phase

    private func start(_ container: String, _ phase: TaskPhase) async throws -> TaskState {
        guard case .fault(let fault) = try await launch(container) else { return .running(phase: phase.name) }
        return .failed(TaskFailure(phase: phase.name, exitCode: nil, reason: "cannot start: \(fault)", output: []))
    }

    private func start(
        _ phase: TaskPhase,
        at index: Int,
        of task: ClusterTask,
        deadline: Moment
    ) async throws -> TaskState {
        func failed(_ reason: String) -> TaskState {
            .failed(TaskFailure(phase: phase.name, exitCode: nil, reason: reason, output: []))
        }
        do {
            try await client.ensure(phase.image, credentials: settings.credentials)
        } catch let missing as MissingImage {
            return failed("cannot start: \(missing)")
        }
        guard let user = try await user(of: phase, task.app) else {
            return failed("cannot start: \(phase.image) would run as root")
        }
        let spec = try await spec(phase, at: index, of: task, user: user, deadline: deadline)
        try await client.create(spec)
        return try await start(spec.name, phase)
    }

    /// `uid:gid` of a phase: what it asks for; in an app's network the app's own; else the image's. Nil for root.
    private func user(of phase: TaskPhase, _ app: AppName) async throws -> String? {
        if phase.user == nil, phase.network == .app { return try await containerUser(of: app, phase.image) }
        let user: String
        if let asked = phase.user { user = asked } else { user = try await client.user(of: phase.image) }
        let name = user.prefix { $0 != ":" }
        return name.isEmpty || name == "root" || name.allSatisfy { $0 == "0" } ? nil : user
    }

    private func spec(
        _ phase: TaskPhase,
        at index: Int,
        of task: ClusterTask,
        user: String,
        deadline: Moment
    ) async throws -> ContainerSpec {
        var spec = ContainerSpec(
            name: names.phase(index, of: task.name, task.app),
            image: phase.image,
            entrypoint: Array(phase.command.prefix(1)),
            command: Array(phase.command.dropFirst()),
            env: environment(of: phase),
            labels: labels(of: task).merging([
                Label.phase: "\(index)", Label.phaseName: phase.name, Label.phases: "\(task.phases.count)",
                Label.deadline: "\(deadline.timestamp)", Label.timeout: task.timeout.text,
                Label.generation: "\(task.generation)",
            ]) { $1 },
            user: user,
            network: try await network(of: phase, task.app),
            resources: phase.resources,
            limits: settings.limits,
            logBytes: settings.limits.taskLogBytes
        )
        spec.volumes = try await volumes(of: phase, task)
        spec.files =
            certificates(of: phase).map {
                [ContainerSpec.BoundFile(source: $0.host, destination: $0.container)]
            } ?? []
        spec.secrets = try await secrets(of: phase, task)
        return spec
    }

    private func labels(of task: ClusterTask) -> [String: String] {
        [Label.instance: settings.instance, Label.app: task.app.text, Label.task: task.name]
    }

    private func network(of phase: TaskPhase, _ app: AppName) async throws -> ContainerSpec.Network {
        switch phase.network {
        case .registry: return .host
        case .egress:
            try await prepareEgress()
            return .bridge(name: names.egress, aliases: [])
        case .app:
            _ = try await self.user(of: app)
            return .bridge(name: names.network(app), aliases: [])
        }
    }

    // MARK: What a phase is given

    private func certificates(of phase: TaskPhase) -> (host: String, container: String)? {
        guard let host = settings.certificates,
            let mount = phase.mounts.first(where: { $0.source == .certificates })
        else { return nil }
        return (host, mount.path)
    }

    private func environment(of phase: TaskPhase) -> [String: String] {
        var env = phase.network == .app ? Self.home : phase.network == .egress ? settings.egressEnvironment : [:]
        if let path = certificates(of: phase)?.container {
            for name in TaskPhase.certificateVariables { env[name] = path }
        }
        return env.merging(phase.env) { _, given in given }
    }

    private func volumes(of phase: TaskPhase, _ task: ClusterTask) async throws -> [ContainerSpec.Volume] {
        var volumes: [ContainerSpec.Volume] = []
        for mount in phase.mounts {
            let name: String
            var labels = labels(of: task)
            switch (mount.source, task.cacheVolume) {
            case (.scratch(let scratch), _): name = names.scratch(scratch, of: task.name, task.app)
            case (.cache, let cache?):
                name = names.cache(cache, task.app)
                labels[Label.task] = nil
            case (.cache, nil), (.certificates, _): continue
            }
            try await client.create(
                PodmanVolume(name: name, labels: labels, options: Self.owner(of: mount.source, in: task))
            )
            volumes.append(ContainerSpec.Volume(name: name, path: mount.path))
        }
        return volumes
    }

    /// A volume belongs to the user of the first phase that names one and mounts it; without an owner, podman gives it
    /// to the user of the first container.
    private static func owner(of source: TaskPhase.Mount.Source, in task: ClusterTask) -> [String: String]? {
        let users = task.phases.lazy
            .filter { phase in phase.mounts.contains { $0.source == source } }
            .compactMap(\.user)
            .map { $0.split(separator: ":").compactMap { Int($0) } }
        guard let user = users.first(where: { $0.count == 2 }) else { return nil }
        return ["o": "uid=\(user[0]),gid=\(user[1])"]
    }

    private func secrets(of phase: TaskPhase, _ task: ClusterTask) async throws -> [String: String] {
        guard phase.needsRegistryCredentials, let credentials = settings.credentials else { return [:] }
        let name = names.credentials(of: task.name, task.app)
        try await client.createSecret(name, try credentials.buildpacksAuth())
        return ["CNB_REGISTRY_AUTH": name]
    }
}
