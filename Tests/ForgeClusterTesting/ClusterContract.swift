// SPDX-License-Identifier: Apache-2.0

package import ForgeEngine
package import ForgeModel
import ForgeTesting
import Testing

/// What every `Cluster` has to do, run on any of them: the units are the same, and so is what happens.
package struct ClusterContract: Sendable {
    package let cluster: any Cluster
    /// An image with `/cnb/process/web`, a web server on PORT, and a launcher that runs a line with a shell.
    package let image: ImageReference
    /// Whether a task's cache volume outlives the task here.
    package let keepsCaches: Bool
    /// A task's timeout that is long enough for it to begin, and that a test can wait for.
    package let shortTimeout: TimeSpan

    /// What each container gets of the processor.
    package let cpu: CPU

    /// Tests a cluster with an image.
    package init(
        cluster: any Cluster,
        image: ImageReference,
        keepsCaches: Bool = true,
        shortTimeout: TimeSpan = TimeSpan(seconds: 2),
        cpu: CPU = CPU(millicores: 400)
    ) {
        self.cluster = cluster
        self.image = image
        self.keepsCaches = keepsCaches
        self.shortTimeout = shortTimeout
        self.cpu = cpu
    }

    // MARK: Units

    package func workload(
        _ app: AppName,
        _ process: ProcessType = .web,
        command: ProcessCommand = .image,
        env: [String: String] = [:],
        instances: Int = 1,
        image: ImageReference? = nil,
        memory: Int = 64 << 20,
        port: Int? = 8080,
        healthcheck: Healthcheck = .tcp(grace: TimeSpan(seconds: 60)),
        stopTimeout: TimeSpan = TimeSpan(seconds: 5)
    ) -> Workload {
        Workload(
            app: app,
            process: process,
            image: .known(image ?? self.image),
            command: command,
            env: env.merging(port.map { ["PORT": "\($0)"] } ?? [:]) { $1 },
            instances: instances,
            resources: Resources(cpu: cpu, memory: Memory(bytes: memory)),
            port: port,
            healthcheck: healthcheck,
            stopTimeout: stopTimeout
        )
    }

    package func task(
        _ name: String,
        of app: AppName,
        _ phases: [TaskPhase],
        timeout: TimeSpan = TimeSpan(seconds: 120),
        cache: String? = nil
    ) -> ClusterTask {
        ClusterTask(
            name: name,
            app: app,
            kind: .build,
            generation: Generation(number: 1),
            phases: phases,
            timeout: timeout,
            cacheVolume: cache
        )
    }

    package func phase(
        _ name: String,
        _ line: String,
        network: TaskPhase.Network = .egress,
        mounts: [TaskPhase.Mount] = [],
        user: String? = "1001:1001",
        credentials: Bool = false
    ) -> TaskPhase {
        TaskPhase(
            name: name,
            image: image,
            command: ["/bin/sh", "-c", line],
            network: network,
            mounts: mounts,
            user: user,
            needsRegistryCredentials: credentials,
            resources: Resources(cpu: cpu, memory: Memory(bytes: 64 << 20))
        )
    }

    // MARK: Waiting

    /// Advances until the rollout ends, well or badly.
    package func roll(_ workload: Workload, generation: Int = 1) async throws -> RolloutState {
        var state = RolloutState.progressing(ready: 0, wanted: workload.instances)
        try await eventually("the rollout of \(workload.service) ends", every: .milliseconds(100)) {
            state = try await cluster.advance(workload, generation: Generation(number: generation))
            if case .progressing = state { return false }
            return true
        }
        return state
    }

    /// Expects a rollout to end with a number of ready containers.
    package func expectComplete(_ ready: Int, _ workload: Workload, generation: Int = 1) async throws {
        let state = try await roll(workload, generation: generation)
        #expect(state == .complete(ready: ready))
    }

    /// Advances until the task ends.
    package func finish(_ task: ClusterTask) async throws -> TaskState {
        var state = TaskState.absent
        try await eventually("the task \(task.name) ends", every: .milliseconds(100)) {
            state = try await cluster.advance(task)
            switch state {
            case .running, .queued: return false
            default: return true
            }
        }
        return state
    }

    /// All output of a task's phases.
    package func output(of task: ClusterTask, phase: Int) async throws -> [String] {
        var lines: [String] = []
        for try await line in cluster.output(of: task, phase: phase) { lines.append(line) }
        return lines
    }

    /// The newest lines of an app.
    package func logs(_ app: AppName, tail: Int = 100) async throws -> [String] {
        var lines: [String] = []
        for try await line in cluster.logs(LogQuery(app: app, process: nil, tail: tail, follow: false)) {
            lines.append(line.text)
        }
        return lines
    }

    /// Removes everything of an app, as the planner would.
    package func destroy(_ app: AppName) async throws {
        let seen = try await cluster.observe(app)
        for task in seen.tasks.keys { try await cluster.discard(task, of: app) }
        let objects = seen.objects.filter { !$0.isShared }.sorted {
            ($0.process == nil ? 1 : 0) < ($1.process == nil ? 1 : 0)
        }
        for object in objects { try await cluster.remove(object.reference, of: app) }
    }

    /// What is there of an app beside what it shares with others.
    package func remains(_ app: AppName) async throws -> ClusterObservation {
        var seen = try await cluster.observe(app)
        seen.objects.removeAll(where: \.isShared)
        return seen
    }

    /// The app's objects, sorted, without who set fields that are not ours.
    private func objects(of app: AppName, _ process: ProcessType? = nil) async throws -> [NativeObject] {
        Self.sorted(try await cluster.observe(app).objects.filter { process == nil || $0.process == process })
    }

    private static func sorted(_ objects: [NativeObject]) -> [NativeObject] {
        objects.map { object in
            var object = object
            object.owners = [:]
            return object
        }
        .sorted { $0.reference < $1.reference }
    }

    // MARK: Contracts

    /// What was applied is what is observed, and applying it again changes nothing.
    package func appliesWhatIsDescribed(_ app: AppName) async throws {
        let workload = workload(app, env: ["LEVEL": "info"], instances: 2)
        try await cluster.prepare(Space(app: app))
        try await expectComplete(2, workload)
        try await expectComplete(2, workload)
        let wanted = cluster.dialect.encode(.space(Space(app: app))) + cluster.dialect.encode(.workload(workload))
        let seen = try await objects(of: app)
        #expect(seen == Self.sorted(wanted))
        #expect(try await cluster.observe(app).rollouts == [.web: .complete(ready: 2)])
        try await destroy(app)
        #expect(try await remains(app) == ClusterObservation())
    }

    /// More or fewer instances leave those that stay alone.
    package func scales(_ app: AppName) async throws {
        try await expectComplete(1, workload(app, instances: 1))
        try await expectComplete(3, workload(app, instances: 3), generation: 2)
        try await expectComplete(1, workload(app, instances: 1), generation: 3)
        try await expectComplete(0, workload(app, instances: 0), generation: 4)
        #expect(try await cluster.observe(app).objects.filter { $0.process != nil }.isEmpty)
        try await destroy(app)
    }

    /// A container that ends again and again fails the rollout and says why; what served before still serves.
    package func reportsCrashes(_ app: AppName) async throws {
        let good = workload(app)
        try await expectComplete(1, good)
        let before = try await objects(of: app)
        let bad = workload(app, command: .shell("echo no module named psycopg; exit 1"))
        guard case .failed(let failure) = try await roll(bad, generation: 2) else {
            Issue.record("the rollout did not fail")
            return
        }
        #expect(failure.message.contains("\(app).web exited with 1"), "\(failure.message)")
        #expect(failure.output.last == "no module named psycopg")
        // The old set still counts, and the planner sees that something else is left.
        let during = try await objects(of: app, .web)
        let serving = before.filter { $0.process == .web }
        #expect(during.map(\.reference) == serving.map(\.reference) && during != serving)
        try await expectComplete(1, good, generation: 2)
        let after = try await objects(of: app)
        #expect(after == before)
        try await destroy(app)
    }

    /// A container that never listens fails the rollout after its grace.
    package func reportsSilence(_ app: AppName) async throws {
        let silent = workload(
            app,
            command: .shell("echo waiting; sleep 600"),
            healthcheck: .tcp(grace: TimeSpan(seconds: 2)),
            stopTimeout: TimeSpan(seconds: 1)
        )
        guard case .failed(let failure) = try await roll(silent) else {
            Issue.record("the rollout did not fail")
            return
        }
        #expect(failure.message == "\(app).web did not listen on port 8080 within 2s", "\(failure.message)")
        #expect(failure.output == ["waiting"])
        try await destroy(app)
    }

    /// An image that nobody has fails the rollout.
    package func reportsMissingImages(_ app: AppName, _ missing: ImageReference) async throws {
        let state = try await roll(workload(app, image: missing))
        guard case .failed(let failure) = state else {
            Issue.record("not failed: \(state)")
            return
        }
        #expect(failure.message.contains("the registry has no image \(missing)"), "\(failure.message)")
        try await destroy(app)
    }

    /// A rollout that a newer one overtakes leaves nothing of itself.
    package func survivesOvertaking(_ app: AppName) async throws {
        try await expectComplete(1, workload(app))
        let stuck = workload(app, command: .shell("sleep 600"), stopTimeout: TimeSpan(seconds: 1))
        #expect(
            try await cluster.advance(stuck, generation: Generation(number: 2)) == .progressing(ready: 0, wanted: 1)
        )
        let newest = workload(app, env: ["LEVEL": "debug"])
        try await expectComplete(1, newest, generation: 3)
        let left = try await objects(of: app, .web)
        #expect(left == Self.sorted(cluster.dialect.encode(.workload(newest))))
        try await destroy(app)
    }
}
