// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgePlan

/// A plan in the making: the stages of the planner add to it, in order.
struct PlanDraft {
    /// The parts of the observation that planning needs, once they are known.
    struct World {
        let platform: Platform
        let cluster: ClusterObservation
        let images: ImageFacts?
    }

    let input: PlanInput
    var manifest: Digest?
    var source: Digest?
    var steps: [Step] = []
    var drift: [Drift] = []
    var unknown: [Unknown] = []
    var refusals: [String] = []
    var unenforced: [String] = []
    var unchangedObjects = 0
    var unchangedImages = 0
    var makesRelease = false

    init(_ input: PlanInput) { self.input = input }

    /// The release number that a new release gets: one that was never given.
    var nextNumber: ReleaseNumber { input.number ?? input.record.lastNumber?.next ?? ReleaseNumber(number: 1) }

    /// What is known, or nil after noting what is not: from unknown parts nothing is concluded.
    mutating func world(needingImages: Bool) -> World? {
        var images: ImageFacts?
        switch input.observation.images {
        case .known(let facts): images = facts
        case .unknown(let reason) where needingImages: unknown.append(Unknown(subject: "registry", reason: reason))
        case .unknown: break
        }
        var platform: Platform?
        switch input.platform {
        case .known(let known): platform = known
        case .unknown(let reason): unknown.append(Unknown(subject: "platform", reason: reason))
        }
        switch input.observation.cluster {
        case .known(let cluster):
            guard let platform, unknown.isEmpty else { return nil }
            return World(platform: platform, cluster: cluster, images: images)
        case .unknown(let reason):
            unknown.append(Unknown(subject: "cluster", reason: reason))
            return nil
        }
    }

    /// Adds a step under the next number, unless this generation has run it to its end already.
    mutating func add(
        _ kind: Step.Kind,
        _ action: Step.Action,
        _ target: String,
        reason: String,
        diff: FieldDiff? = nil,
        wait: Wait? = nil,
        isDestructive: Bool = false,
        downtime: String? = nil,
        work: Work
    ) {
        let step = Step(
            number: steps.count + 1,
            kind: kind,
            action: action,
            target: target,
            reason: reason,
            changes: diff?.changes ?? [],
            unchangedFields: diff?.unchanged ?? 0,
            wait: wait,
            isDestructive: isDestructive,
            downtime: downtime,
            work: work
        )
        guard !input.done.contains(step.id) else { return }
        steps.append(step)
    }

    /// The finished plan.
    func plan(cluster: String) -> Plan {
        Plan(
            app: input.app,
            cluster: cluster,
            generation: input.generation,
            live: input.record.live?.number,
            next: makesRelease ? nextNumber : nil,
            manifest: manifest,
            source: source,
            drift: drift,
            steps: steps,
            unknown: unknown,
            refusals: refusals,
            unenforced: steps.isEmpty ? [] : unenforced,
            unchanged: Unchanged(objects: unchangedObjects, images: unchangedImages),
            onFailure: steps.isEmpty || input.wish == .destroy
                ? nil : input.record.live.map { "\($0.number) keeps serving" }
        )
    }
}
