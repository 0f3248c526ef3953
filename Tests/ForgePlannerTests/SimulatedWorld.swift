// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgePlan
import ForgePlanner
import ForgeTesting

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

    /// The cluster's language.
    var dialect: any Dialect = PlainDialect()
    var planner: Planner { Planner(dialect: dialect) }
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

    private mutating func put(_ objects: [NativeObject]) {
        for object in objects {
            cluster.objects.removeAll { $0.reference == object.reference }
            cluster.objects.append(object)
        }
    }

    /// Changes one object as someone else would.
    mutating func edit(_ kind: String, _ change: (inout NativeObject) -> Void) {
        for index in cluster.objects.indices where cluster.objects[index].reference.kind == kind {
            change(&cluster.objects[index])
        }
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
        case .prepare(let space): put(dialect.encode(.space(space)))
        case .deploy(let workload):
            put(dialect.encode(.workload(workload)))
            cluster.rollouts[workload.process] = .complete(ready: workload.instances)
        case .route(let route): routes.append(route)
        case .unroute(let route): routes.removeAll { $0 == route }
        case .remove(let reference): cluster.objects.removeAll { $0.reference == reference }
        case .deployProcessesOfImage: break
        }
    }
}
