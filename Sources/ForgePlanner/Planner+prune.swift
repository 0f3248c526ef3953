// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgePlan

extension Planner {
    /// Plans the removal of what a described process type does not need any more, and of everything of a process type
    /// that is not described; only objects with the app's owner label are observed, so nothing else can be meant.
    func planPrune(_ effective: EffectiveApp, _ world: PlanDraft.World, _ draft: inout PlanDraft) {
        guard !effective.awaitsProcesses else { return }
        let described = Set(effective.workloads.map(\.process))
        for object in superfluous(effective, world, draft.input) {
            guard let process = object.process else { continue }
            let reason: String
            if effective.manifest.processes[process] == nil || described.contains(process) {
                reason = "not described any more"
            } else {
                reason = "0 instances"
            }
            draft.add(
                .prune,
                .delete,
                pruneTarget(object, world, isWhole: !described.contains(process)),
                reason: reason,
                diff: FieldDiff(kind: object.reference.kind, from: object.fields, to: nil, dialect: dialect),
                work: .remove(object.reference)
            )
        }
    }

    /// The app's own objects of process types that nothing described needs, sorted.
    func superfluous(_ effective: EffectiveApp, _ world: PlanDraft.World, _ input: PlanInput) -> [NativeObject] {
        let wanted = Set(effective.workloads.map(Unit.workload).flatMap(dialect.encode).map(\.reference))
        let routed = routeObjects(effective.route, input)
        return world.cluster.objects
            .filter { object in
                object.process != nil && !object.isShared && !wanted.contains(object.reference)
                    && !routed.contains(object.reference)
            }
            .sorted { $0.reference < $1.reference }
    }

    /// The objects of the hosts: they come and go with route steps.
    private func routeObjects(_ wanted: Route?, _ input: PlanInput) -> Set<ObjectReference> {
        var routes = wanted.map { [$0] } ?? []
        if case .known(let live) = input.observation.routes { routes += live }
        return Set(routes.map(Unit.route).flatMap(dialect.encode).map(\.reference))
    }

    /// What a removal names: the process type, with the object's kind where it has several or goes on without this one.
    private func pruneTarget(_ object: NativeObject, _ world: PlanDraft.World, isWhole: Bool) -> String {
        guard let process = object.process else { return object.reference.kind }
        let isOnly = world.cluster.objects.filter { $0.process == process }.count == 1
        return isWhole && isOnly ? process.text : "\(process): \(object.reference.kind)"
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
        let routed = routeObjects(nil, draft.input)
        let objects = world.cluster.objects.filter { !$0.isShared && !routed.contains($0.reference) }.sorted {
            ($0.process == nil ? 1 : 0, $0.reference) < ($1.process == nil ? 1 : 0, $1.reference)
        }
        for object in objects {
            draft.add(
                .prune,
                .delete,
                pruneTarget(object, world, isWhole: true),
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
}
