// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
package import ForgeModel

extension PodmanCluster {
    /// How often podman restarts a failed container at once by itself, also while nothing else of the platform runs.
    private static let quickRestarts = 5

    /// Looks at the workload's containers and does the next thing.
    ///
    /// 1. What is missing of the wanted set is created and started, beside the set that serves.
    /// 2. When all of it is ready, the router is told, and only then the other sets are asked to stop.
    /// 3. It is complete when they are gone.
    package func advance(_ workload: Workload, generation: Generation) async throws -> RolloutState {
        let set = try ContainerSet(workload)
        let decision = RolloutDecision(
            set: set.id,
            wanted: workload.instances,
            generation: generation,
            members: try await members(of: workload.app, workload.process),
            now: .now
        )
        for instance in decision.removals { try await discardFailed(instance) }
        if let failure = decision.failure { return .failed(await describe(failure, of: workload)) }
        if !decision.creations.isEmpty || !decision.starts.isEmpty {
            if let failure = try await start(workload, set, decision, generation) { return .failed(failure) }
        }
        try await retire(decision.retirements, of: workload.service)
        return decision.isComplete
            ? .complete(ready: decision.ready) : .progressing(ready: decision.ready, wanted: workload.instances)
    }

    // MARK: Starting

    private func start(
        _ workload: Workload,
        _ set: ContainerSet,
        _ decision: RolloutDecision,
        _ generation: Generation
    ) async throws -> RolloutFailure? {
        guard let image = workload.image.value else {
            throw ClusterError(.invalid, "\(workload.service) cannot run before its image is built")
        }
        do {
            try await client.ensure(image, credentials: settings.credentials)
        } catch let missing as MissingImage {
            return RolloutFailure(message: "\(workload.service) cannot start: \(missing)", output: [])
        }
        var waiting = decision.starts.map(\.id)
        if !decision.creations.isEmpty {
            let user = try await containerUser(of: workload.app, image)
            for ordinal in decision.creations {
                let spec = spec(workload, set, image: image, user: user, ordinal: ordinal, generation)
                try await client.create(spec)
                waiting.append(spec.name)
            }
        }
        for name in waiting {
            guard case .fault(let fault) = try await launch(name) else { continue }
            return RolloutFailure(message: "\(workload.service) cannot start: \(fault)", output: [])
        }
        fleet.invalidate(nil)
        return nil
    }

    /// Starts a container, behind the walls between apps: nothing starts without them.
    func launch(_ container: String) async throws -> PodmanClient.Start {
        try await isolation.ensure()
        return try await client.start(container)
    }

    /// The app's own user id with the image's group: what the image's user may read by its group, the app may too; no
    /// file of the image belongs to the app, and no two apps share a user.
    func containerUser(of app: AppName, _ image: ImageReference) async throws -> String {
        let user = try await user(of: app)
        let group = try await client.user(of: image).split(separator: ":").dropFirst().first.flatMap { Int($0) }
        return "\(user):\(group.flatMap { $0 > 0 ? $0 : nil } ?? user)"
    }

    private func spec(
        _ workload: Workload,
        _ set: ContainerSet,
        image: ImageReference,
        user: String,
        ordinal: Int,
        _ generation: Generation
    ) -> ContainerSpec {
        let (entrypoint, command) = Self.program(of: workload)
        var spec = ContainerSpec(
            name: names.container(workload.app, workload.process, set: set.id, ordinal: ordinal),
            image: image,
            entrypoint: [entrypoint],
            command: command,
            env: workload.env.merging(Self.home) { given, _ in given },
            labels: [
                Label.instance: settings.instance, Label.app: workload.app.text, Label.process: workload.process.text,
                Label.unit: set.unit, Label.set: set.id, Label.ordinal: "\(ordinal)",
                Label.generation: "\(generation)",
            ],
            user: user,
            network: .bridge(name: names.network(workload.app), aliases: [workload.process.text]),
            resources: workload.resources,
            limits: settings.limits,
            logBytes: settings.limits.logBytes
        )
        spec.hostname = "\(workload.process)-\(ordinal)"
        spec.stopTimeout = Self.seconds(workload.stopTimeout)
        spec.quickRestarts = Self.quickRestarts
        return spec
    }

    /// The one folder that an app's user may surely write in: the image's files belong to others.
    static let home = ["HOME": "/tmp"]

    /// The launcher runs a single argument with bash, behind the image's environment (Platform API, launcher).
    private static func program(of workload: Workload) -> (entrypoint: String, command: [String]) {
        switch workload.command {
        case .image: ("/cnb/process/\(workload.process)", [])
        case .shell(let line): ("/cnb/lifecycle/launcher", [line])
        }
    }

    private static func seconds(_ span: TimeSpan) -> Int { (span.milliseconds + 999) / 1000 }

    // MARK: Stopping

    /// Takes containers out of the router's table, and when the router knows, has them stopped by `run()`.
    private func retire(_ instances: [Instance], of service: String) async throws {
        guard !instances.isEmpty else { return }
        retire.yield(try await unlist(instances, of: service))
    }

    /// Marks containers as on their way out and tells the router, which then sends them nothing; returns those that were
    /// not marked before.
    func unlist(_ instances: [Instance], of service: String) async throws -> [Instance] {
        let marked = fleet.retire(instances)
        do {
            if instances.contains(where: { $0.port != nil }) { try await publish(service) }
        } catch {
            fleet.keep(marked)
            throw error
        }
        return marked
    }

    /// Tells the router where a service answers; returns when it knows.
    private func publish(_ service: String) async throws {
        do {
            try await publisher.publish(service: service) { [fleet] in
                WorkloadSets(fleet.members(at: .now) { $0.service == service }).endpoints
            }
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw ClusterError(.unreachable, "the router does not take the endpoints of \(service): \(error)")
        }
    }

    /// Asks a container to stop, waits for it, and removes it, and its image when no other container has it: the
    /// registry still does.
    func end(_ instance: Instance) async throws {
        try await client.stop(instance.id, seconds: instance.stopTimeout)
        try await client.remove(instance.id)
        fleet.forget(instance.id)
        if let registry = settings.credentials?.host, let image = instance.unit["image"],
            image.hasPrefix("\(registry)/")
        {
            try await client.removeUnusedImage(image)
        }
    }

    private func discardFailed(_ instance: Instance) async throws {
        try await client.remove(instance.id)
        fleet.forget(instance.id)
    }

    // MARK: Failing

    private func describe(_ failure: RolloutDecision.Failure, of workload: Workload) async -> RolloutFailure {
        RolloutFailure(
            message: "\(workload.service) \(Self.sentence(failure, workload))",
            output: ContainerLog.lastLines(of: failure.instance.logPath)
        )
    }

    private static func sentence(_ failure: RolloutDecision.Failure, _ workload: Workload) -> String {
        switch (failure.reason, workload.healthcheck) {
        case (.exited(let code, let times), _):
            // podman never says that the kernel killed for memory (cgroup v1); SIGKILL from elsewhere is rare.
            code == 137
                ? "was killed (137) \(Self.times(times)), probably at its memory limit of \(workload.resources.memory)"
                : "exited with \(code) \(Self.times(times))"
        case (.silent, .http(let path, let grace)):
            "did not answer GET \(path) on port \(port(of: workload)) with 200 to 399 within \(grace)"
        case (.silent, let healthcheck):
            "did not listen on port \(port(of: workload)) within \(healthcheck.grace)"
        }
    }

    private static func port(of workload: Workload) -> String { workload.port.map(String.init) ?? "?" }

    /// `three times`, for the small numbers that occur.
    private static func times(_ count: Int) -> String {
        let words = [1: "once", 2: "twice", 3: "three times", 4: "four times", 5: "five times", 6: "six times"]
        return words[count] ?? "\(count) times"
    }
}
