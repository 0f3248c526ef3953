// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgePlan

extension Planner {
    /// Compares what is there with what the live release left, where nothing is under way.
    func findDrift(_ world: PlanDraft.World, _ draft: inout PlanDraft) {
        guard !draft.input.isUnderWay, let live = draft.input.record.live else { return }
        let image = ImageReference(
            registry: world.platform.registry,
            repository: world.platform.repository(of: draft.input.app),
            digest: live.image
        )
        let left = EffectiveApp(
            live.manifest,
            image: .known(image),
            known: live.imageProcesses,
            platform: world.platform
        )
        for workload in left.workloads {
            // Without its first object nothing of the process type runs, whatever else of it is there.
            let gone = FieldChange(path: "instances", from: "\(workload.instances)", to: nil)
            findDrift(of: .workload(workload), gone: gone, world, &draft)
        }
        findDrift(of: .space(Space(app: draft.input.app)), gone: .wholeObjectIsGone, world, &draft)
        findRouteDrift(left.route, &draft)
        for object in superfluous(left, world, draft.input) {
            let change = FieldChange(path: Drift.wholeObject, from: nil, to: Drift.present)
            draft.noteDrift(of: object.reference, change)
        }
    }

    /// - Parameter gone: how it is said that the unit's first object is not there.
    private func findDrift(of unit: Unit, gone: FieldChange, _ world: PlanDraft.World, _ draft: inout PlanDraft) {
        for (index, object) in dialect.encode(unit).enumerated() {
            guard let seen = world.cluster.objects.first(where: { $0.reference == object.reference }) else {
                draft.noteDrift(of: object.reference, in: unit, index == 0 ? gone : .wholeObjectIsGone)
                continue
            }
            let diff = FieldDiff(
                kind: object.reference.kind,
                from: object.fields,
                to: seen.fields,
                dialect: dialect,
                owners: seen.owners
            )
            for change in diff.changes {
                draft.noteDrift(of: object.reference, in: unit, change, owner: seen.owners[change.path])
            }
        }
    }

    private func findRouteDrift(_ left: Route?, _ draft: inout PlanDraft) {
        guard case .known(let live) = draft.input.observation.routes else { return }
        if let left, !live.contains(left) {
            let other = live.first { $0.host == left.host }
            let change = FieldChange(path: "process", from: left.process.text, to: other?.process.text)
            draft.noteDrift(of: left.reference, change)
        }
        for route in live where route.host != left?.host {
            draft.noteDrift(of: route.reference, FieldChange(path: "process", from: nil, to: route.process.text))
        }
    }
}

extension PlanDraft {
    /// Adds a drifted field, with the step that sets it back.
    fileprivate mutating func noteDrift(
        of object: ObjectReference,
        in unit: Unit? = nil,
        _ change: FieldChange,
        owner: FieldOwner? = nil
    ) {
        let step = steps.first { $0.work.touches(object, of: unit) }?.number
        drift.append(Drift(object: object, change: change, step: step, owner: owner))
    }
}

extension FieldChange {
    fileprivate static let wholeObjectIsGone = FieldChange(path: Drift.wholeObject, from: Drift.present, to: nil)
}

extension Route {
    /// A route as an object of plans: the router has no other name for it than its host.
    fileprivate var reference: ObjectReference { ObjectReference(kind: "route", name: host.text) }
}

extension Work {
    /// Whether it acts on an object, or on the unit that the object is part of.
    fileprivate func touches(_ object: ObjectReference, of unit: Unit?) -> Bool {
        switch (self, unit) {
        case (.remove(let removed), _): removed == object
        case (.deploy(let deployed), .workload(let workload)?): deployed.process == workload.process
        case (.prepare(let prepared), .space(let space)?): prepared == space
        case (.route(let route), _), (.unroute(let route), _): route.reference == object
        default: false
        }
    }
}
