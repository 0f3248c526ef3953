// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgePlan
import ForgePlanner

/// A small cluster language: one object per workload and per space, fields as text.
struct PlainDialect: Dialect {
    let cluster = "testbed"

    func encode(_ unit: Unit) -> [NativeObject] {
        switch unit {
        case .space(let space):
            return [NativeObject(reference: ObjectReference(kind: "network", name: space.app.text), fields: .map([:]))]
        case .route: return []
        case .workload(let workload):
            let image: FieldValue = workload.image.value.map { .text($0.description) } ?? .afterBuild
            let command: String
            switch workload.command {
            case .image: command = "/cnb/process/\(workload.process)"
            case .shell(let line): command = line
            }
            return [
                NativeObject(
                    reference: ObjectReference(kind: "containers", name: workload.service),
                    process: workload.process,
                    fields: .map([
                        "image": image,
                        "command": .text(command),
                        "env": .map(workload.env.mapValues { .text($0) }),
                        "instances": .text("\(workload.instances)"),
                        "memory": .text(workload.resources.memory.text),
                    ])
                )
            ]
        }
    }

    func listKey(kind: String, path: [String]) -> String? { nil }
    func unenforced(_ units: [Unit]) -> [String] { [] }
}

/// Values that tests share.
enum Sample {
    static let app = name("shop")
    static let platform = Platform(
        registry: "127.0.0.1:5000",
        builder: image("platform/builder", "b"),
        runImage: image("platform/run", "c"),
        toolsImage: image("platform/tools", "d"),
        buildUser: "1001:1000",
        target: "linux/amd64",
        baseDomain: host("localhost"),
        routerPort: 8080
    )

    static func manifest(
        env: [String: String] = [:],
        release: ProcessCommand? = nil,
        web: Int = 1,
        worker: Int? = nil
    ) -> AppManifest {
        var processes: [ProcessType: ProcessSettings] = [.web: .defaults(for: .web)]
        processes[.web]?.instances = web
        if let worker { processes[type("worker")] = ProcessSettings(command: .image, instances: worker) }
        return AppManifest(name: app, env: env, release: release, processes: processes)
    }

    static func name(_ text: String) -> AppName { value { try AppName(text) } }
    static func host(_ text: String) -> Host { value { try Host(text) } }
    static func type(_ text: String) -> ProcessType { value { try ProcessType(text) } }
    static func digest(_ digit: Character) -> Digest {
        value { try Digest("sha256:" + String(repeating: digit, count: 64)) }
    }
    static func image(_ repository: String, _ digit: Character) -> ImageReference {
        ImageReference(registry: "127.0.0.1:5000", repository: repository, digest: digest(digit))
    }

    private static func value<Value>(_ make: () throws -> Value) -> Value {
        do { return try make() } catch { preconditionFailure("a sample is not valid: \(error)") }
    }
}

/// A world that takes plans and becomes what they say, so that what a plan leads to can be planned again.
struct SimulatedWorld {
    var record = AppRecord()
    var cluster = ClusterObservation()
    var images: [BuildKey: ImageFacts.Built] = [:]
    var published: Set<Digest> = []
    var routes: [Route] = []
    var generation = Generation(number: 1)
    var number: ReleaseNumber?
    var done: Set<String> = []

    let planner = Planner(dialect: PlainDialect())
    /// What the next build makes, and the process types that it finds.
    var nextImage = Sample.digest("1")
    var nextProcesses: [ProcessType] = [.web]

    func input(_ wish: Wish, isUnderWay: Bool = false) -> PlanInput {
        var facts = ImageFacts(source: Sample.digest("5"))
        if case .run(let manifest, let source) = wish,
            let key = try? BuildKey(source: source, settings: manifest.build, platform: Sample.platform)
        {
            facts.built = images[key]
            facts.published = facts.built.map { published.contains($0.digest) } ?? false
        }
        return PlanInput(
            app: Sample.app,
            generation: generation,
            wish: wish,
            record: record,
            done: done,
            number: number,
            isUnderWay: isUnderWay,
            platform: .known(Sample.platform),
            observation: Observation(cluster: .known(cluster), images: .known(facts), routes: .known(routes))
        )
    }

    /// The plan that a user would be shown now.
    func proposal(_ wish: Wish) -> Plan { planner.plan(input(wish)) }

    /// Applies a wish to its end, planning again after every step, as the loop does.
    ///
    /// - Parameter steps: stop after this many steps, as a crash would.
    mutating func converge(_ wish: Wish, steps: Int = .max) -> [String] {
        var taken: [String] = []
        while taken.count < min(steps, 50) {
            let plan = planner.plan(input(wish, isUnderWay: true))
            guard let step = plan.steps.first else {
                settle(wish, plan)
                break
            }
            taken.append(step.id)
            if step.kind != .build, number == nil, let next = plan.next {
                number = next
                record.lastNumber = next
            }
            apply(step)
        }
        return taken
    }

    private mutating func settle(_ wish: Wish, _ plan: Plan) {
        record.settled = generation
        generation = generation.next
        number = nil
        done = []
        guard case .run(let manifest, let source) = wish, let number = plan.next,
            let key = try? BuildKey(source: source, settings: manifest.build, platform: Sample.platform),
            let built = images[key]
        else { return }
        record.live = Release(
            number: number,
            generation: generation,
            manifest: manifest,
            source: source,
            buildKey: key,
            image: built.digest,
            imageProcesses: built.processes,
            createdBy: "ana",
            createdAt: Timestamp(number: 0)
        )
    }

    private mutating func apply(_ step: Step) {
        switch step.work {
        case .build(let work): images[work.key] = ImageFacts.Built(digest: nextImage, processes: nextProcesses)
        case .push(let push): if let digest = push.image.value { published.insert(digest) }
        case .release, .record, .forget: done.insert(step.id)
        case .prepare(let space): cluster.objects += planner.dialectForTests.encode(.space(space))
        case .deploy(let workload):
            cluster.objects.removeAll { $0.process == workload.process }
            cluster.objects += planner.dialectForTests.encode(.workload(workload))
            cluster.rollouts[workload.process] = .complete(ready: workload.instances)
        case .route(let route): routes.append(route)
        case .unroute(let route): routes.removeAll { $0 == route }
        case .remove(let reference): cluster.objects.removeAll { $0.reference == reference }
        case .deployProcessesOfImage: break
        }
    }
}

extension Planner {
    var dialectForTests: any Dialect { PlainDialect() }
}
