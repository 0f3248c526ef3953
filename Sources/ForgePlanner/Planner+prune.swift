// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgePlan

extension Planner {
    /// Plans the removal of process types that are not described any more; only objects with the app's owner label are
    /// observed, so nothing else can be meant.
    func planPrune(_ effective: EffectiveApp, _ world: PlanDraft.World, _ draft: inout PlanDraft) {
        guard !effective.awaitsProcesses else { return }
        let described = Set(effective.workloads.map(\.process))
        for object in world.cluster.objects.sorted(by: { $0.reference < $1.reference }) {
            guard let process = object.process, !described.contains(process) else { continue }
            draft.add(
                .prune,
                .delete,
                process.text,
                reason: effective.manifest.processes[process] == nil ? "not described any more" : "0 instances",
                diff: FieldDiff(kind: object.reference.kind, from: object.fields, to: nil, dialect: dialect),
                work: .remove(object.reference)
            )
        }
    }

    /// Plans the removal of everything: of a destroyed app, or of what a failed first deploy left.
    func planRemoval(_ draft: inout PlanDraft) {
        guard let world = draft.world(needingImages: false) else { return }
        let isDestroyed = draft.input.wish == .destroy
        switch draft.input.observation.routes {
        case .known(let routes):
            for route in routes.sorted(by: { $0.host < $1.host }) {
                draft.add(
                    .route,
                    .delete,
                    route.host.text,
                    reason: isDestroyed ? "the app is destroyed" : "the deploy failed",
                    isDestructive: isDestroyed,
                    work: .unroute(route)
                )
            }
        case .unknown(let reason): draft.unknown.append(Unknown(subject: "router", reason: reason))
        }
        // What holds containers goes before what they are in.
        let objects = world.cluster.objects.sorted {
            ($0.process == nil ? 1 : 0, $0.reference) < ($1.process == nil ? 1 : 0, $1.reference)
        }
        for object in objects {
            draft.add(
                .prune,
                .delete,
                object.process?.text ?? object.reference.kind,
                reason: isDestroyed ? "the app is destroyed" : "the deploy failed",
                isDestructive: isDestroyed,
                work: .remove(object.reference)
            )
        }
        guard isDestroyed else { return }
        draft.add(
            .prune,
            .delete,
            draft.input.app.text,
            reason: "its images, sources and releases",
            isDestructive: true,
            work: .forget
        )
    }

    /// Compares what runs with what the live release left, where nothing is under way.
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
            for object in dialect.encode(.workload(workload)) {
                let seen = world.cluster.objects.first { $0.reference == object.reference }
                let diff = FieldDiff(
                    kind: object.reference.kind,
                    from: object.fields,
                    to: seen?.fields,
                    dialect: dialect
                )
                let step = draft.steps.first { $0.work.touches(workload.process, object.reference) }?.number
                let changes =
                    seen == nil
                    ? [FieldChange(path: "instances", from: "\(workload.instances)", to: nil)] : diff.changes
                draft.drift += changes.map { Drift(object: object.reference, change: $0, step: step) }
            }
        }
    }
}

extension Work {
    /// Whether it acts on a process type, or on the object that stands for it.
    fileprivate func touches(_ process: ProcessType, _ reference: ObjectReference) -> Bool {
        switch self {
        case .deploy(let workload): workload.process == process
        case .remove(let object): object == reference
        default: false
        }
    }
}
