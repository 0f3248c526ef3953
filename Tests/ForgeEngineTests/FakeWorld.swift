// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeModel
import ForgePlanner
import ForgeTesting
import Synchronization

/// What a crashed process leaves behind: everything before the crash has happened, nothing after it.
struct Crash: Error {}

/// A cluster, registry and router in memory that can crash their caller at any effect, before or after it happens.
///
/// For crashes and races only: what the real adapters do is tested with the real systems.
final class FakeWorld: Cluster, Images, Router {
    struct State {
        var objects: [ObjectReference: NativeObject] = [:]
        var rollouts: [ProcessType: RolloutState] = [:]
        var tasks: [String: TaskState] = [:]
        /// Every task that ever began, by name, with how often: a release command may begin once only.
        var begun: [String: Int] = [:]
        var staged: [BuildKey: ImageFacts.Built] = [:]
        var published: [ReleaseNumber: Digest] = [:]
        var routes: [Route] = []
        var effects = 0
        var crashAt: Int?
        /// What the workload's image of this digest does when it starts.
        var broken: Set<Digest> = []
        var failingTasks: Set<ClusterTask.Kind> = []
        /// Tasks of these kinds go on running.
        var endless: Set<ClusterTask.Kind> = []
        var nextImage = Sample.digest("1")
        var unreachable = false
        var removed: [ObjectReference] = []
    }

    let state = Mutex(State())
    let dialect: any Dialect = PlainDialect()

    /// Counts an effect; crashes before or after it when it is its turn.
    private func effect<Value>(_ change: (inout State) throws -> Value) throws -> Value {
        try state.withLock { state in
            if state.unreachable { throw ClusterError(.unreachable, "no answer from the cluster") }
            state.effects += 1
            if state.crashAt == state.effects * 2 - 1 { throw Crash() }
            let value = try change(&state)
            if state.crashAt == state.effects * 2 { throw Crash() }
            return value
        }
    }

    // MARK: Cluster

    func observe(_ app: AppName) async throws -> ClusterObservation {
        try state.withLock { state in
            if state.unreachable { throw ClusterError(.unreachable, "no answer from the cluster") }
            return ClusterObservation(
                objects: state.objects.values.sorted { $0.reference < $1.reference },
                rollouts: state.rollouts,
                tasks: state.tasks
            )
        }
    }

    func prepare(_ space: Space) async throws {
        try effect { state in
            for object in dialect.encode(.space(space)) { state.objects[object.reference] = object }
        }
    }

    func advance(_ workload: Workload, generation: Generation) async throws -> RolloutState {
        try effect { state in
            guard let image = workload.image.value else { throw ClusterError(.invalid, "the image is not known") }
            if state.broken.contains(image.digest) {
                return .failed(
                    RolloutFailure(message: "\(workload.service) exited with 1 three times", output: ["boom"])
                )
            }
            for object in dialect.encode(.workload(workload)) {
                // The first call starts the containers, the second finds them ready.
                if state.objects[object.reference] != object {
                    state.objects[object.reference] = object
                    state.rollouts[workload.process] = .progressing(ready: 0, wanted: workload.instances)
                } else {
                    state.rollouts[workload.process] = .complete(ready: workload.instances)
                }
            }
            return state.rollouts[workload.process] ?? .complete(ready: 0)
        }
    }

    func advance(_ task: ClusterTask) async throws -> TaskState {
        try effect { state in
            switch state.tasks[task.name] {
            case .running? where state.endless.contains(task.kind): break
            case .running?:
                if state.failingTasks.contains(task.kind) {
                    state.tasks[task.name] = .failed(
                        TaskFailure(phase: task.phases[0].name, exitCode: 7, output: ["no"])
                    )
                } else {
                    if task.kind == .build { stage(task, &state) }
                    state.tasks[task.name] = .succeeded
                }
            case nil, .absent?, .queued?:
                state.begun[task.name, default: 0] += 1
                state.tasks[task.name] = .running(phase: task.phases[0].name)
            case .succeeded?, .failed?: break
            }
            return state.tasks[task.name] ?? .absent
        }
    }

    private func stage(_ task: ClusterTask, _ state: inout State) {
        guard let key = Sample.keys.first(where: { task.name.hasSuffix($0.short) }) else { return }
        state.staged[key] = ImageFacts.Built(digest: state.nextImage, processes: [.web])
    }

    func discard(_ task: String, of app: AppName) async throws { try effect { $0.tasks[task] = nil } }

    func remove(_ object: ObjectReference, of app: AppName) async throws {
        try effect { state in
            state.objects[object] = nil
            state.removed.append(object)
        }
    }

    func changes() -> AsyncStream<AppName> { AsyncStream { $0.finish() } }
    func logs(_ query: LogQuery) -> AsyncThrowingStream<LogLine, any Error> { AsyncThrowingStream { $0.finish() } }
    func output(of task: ClusterTask, phase: Int) -> AsyncThrowingStream<String, any Error> {
        AsyncThrowingStream {
            $0.yield("\(task.phases[phase].name) says hello")
            $0.finish()
        }
    }

    // MARK: Images

    func platform() async throws -> Platform { Sample.platform }

    func facts(_ app: AppName, key: BuildKey, source: Digest) async throws -> ImageFacts {
        state.withLock { state in
            let built = state.staged[key]
            return ImageFacts(
                built: built,
                published: built.map { state.published.values.contains($0.digest) } ?? false,
                source: Sample.digest("5")
            )
        }
    }

    func store(
        source: Digest,
        of app: AppName,
        size: Int?,
        bytes: any AsyncSequence<[UInt8], any Error> & Sendable
    ) async throws {}

    func publish(_ app: AppName, key: BuildKey, as release: ReleaseNumber) async throws -> Digest {
        try effect { state in
            guard let built = state.staged[key] else { throw ImagesError(.missing, "nothing is staged") }
            state.published[release] = built.digest
            return built.digest
        }
    }

    func forget(_ app: AppName) async throws {
        try effect { state in
            state.staged = [:]
            state.published = [:]
        }
    }

    // MARK: Router

    func routes(_ app: AppName) async throws -> [Route] { state.withLock { $0.routes } }

    func add(_ route: Route) async throws {
        try effect { if !$0.routes.contains(route) { $0.routes.append(route) } }
    }

    func remove(_ route: Route) async throws { try effect { state in state.routes.removeAll { $0 == route } } }
}
