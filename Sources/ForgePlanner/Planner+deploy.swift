// SPDX-License-Identifier: Apache-2.0

package import ForgeModel
import ForgePlan

extension Planner {
    /// How long a rollout may take beyond the grace that its containers have to become ready.
    package static let rolloutSlack = TimeSpan(seconds: 240)

    /// Plans the app's walls: its network, and what all apps share, where a cluster needs that.
    func planNetwork(_ world: PlanDraft.World, _ draft: inout PlanDraft) {
        let space = Space(app: draft.input.app)
        let unit = UnitDiff(.space(space), seen: world.cluster.objects, dialect: dialect)
        if unit.isAsDescribed {
            draft.unchangedObjects += unit.objects.count
        } else {
            let isNew = unit.objects.allSatisfy { $0.live == nil || $0.wanted.isShared }
            draft.add(
                .deploy,
                isNew ? .create : .update,
                unit.objects.count == 1 ? unit.objects[0].wanted.reference.kind : "network",
                reason: "the app's own, closed to other apps",
                diff: isNew ? nil : unit.fieldsByObject,
                work: .prepare(space)
            )
        }
        draft.unenforced += dialect.unenforced([.space(space)])
    }

    /// Plans every process type that differs from what runs, or that this generation has to wait for.
    func planWorkloads(_ effective: EffectiveApp, _ world: PlanDraft.World, _ draft: inout PlanDraft) {
        for workload in effective.workloads {
            let unit = UnitDiff(.workload(workload), seen: world.cluster.objects, dialect: dialect)
            planWorkload(workload, unit, world.cluster, &draft)
        }
        draft.unenforced += dialect.unenforced(effective.workloads.map(Unit.workload))
        if effective.awaitsProcesses {
            draft.add(
                .deploy,
                .create,
                FieldChange.afterBuild,
                reason: "process types that the buildpacks know",
                work: .deployProcessesOfImage
            )
        }
    }

    private func planWorkload(
        _ workload: Workload,
        _ unit: UnitDiff,
        _ cluster: ClusterObservation,
        _ draft: inout PlanDraft
    ) {
        guard !unit.objects.isEmpty else { return }
        if unit.isAsDescribed, isSettled(cluster.rollouts[workload.process], draft.input) {
            draft.unchangedObjects += unit.objects.count
            return
        }
        let fields = unit.fields
        let ready = "\(workload.instances) of \(workload.instances) ready"
        let limit = TimeSpan(seconds: (workload.healthcheck.grace.milliseconds + Self.rolloutSlack.milliseconds) / 1000)
        draft.add(
            .deploy,
            unit.live == nil ? .create : .update,
            workload.process.text,
            reason: deployReason(fields, live: unit.live),
            diff: fields,
            wait: Wait(ready, atMost: limit),
            downtime: downtime(of: workload, replacing: unit.live),
            work: .deploy(workload)
        )
    }

    /// Whether nothing has to be waited for: a rollout is awaited only by the generation that began it.
    private func isSettled(_ rollout: RolloutState?, _ input: PlanInput) -> Bool {
        guard input.isUnderWay else { return true }
        if case .complete? = rollout { return true }
        return rollout == nil
    }

    private func deployReason(_ diff: FieldDiff, live: NativeObject?) -> String {
        guard live != nil else { return "not there yet" }
        guard !diff.changes.isEmpty else { return "under way" }
        var seen: [String] = []
        for change in diff.changes {
            let name = String(change.path.prefix { !".[:".contains($0) })
            if !seen.contains(name) { seen.append(name) }
        }
        return seen.joined(separator: ", ") + (seen.count == 1 ? " differs" : " differ")
    }

    /// Without a way to tell that a new container works, traffic may reach it before it does.
    private func downtime(of workload: Workload, replacing live: NativeObject?) -> String? {
        guard live != nil, workload.process == .web, workload.healthcheck == .none else { return nil }
        return "requests may fail while it starts, because it has no healthcheck"
    }

    /// Plans the hosts.
    func planRoutes(_ effective: EffectiveApp, _ world: PlanDraft.World, _ draft: inout PlanDraft) {
        let live: [Route]
        switch draft.input.observation.routes {
        case .known(let routes): live = routes
        case .unknown(let reason):
            draft.unknown.append(Unknown(subject: "router", reason: reason))
            return
        }
        if let route = effective.route {
            if live.contains(route) {
                draft.unchangedObjects += 1
            } else {
                draft.add(
                    .route,
                    live.contains { $0.host == route.host } ? .update : .create,
                    route.host.text,
                    reason: "to \(route.process)",
                    work: .route(route)
                )
            }
        }
        // Until the build has told the process types, a route that nobody described is not known to be superfluous.
        guard !effective.awaitsProcesses else { return }
        for route in live where route.host != effective.route?.host {
            draft.add(.route, .delete, route.host.text, reason: "not described any more", work: .unroute(route))
        }
    }

    /// Makes sure that a new release is made even when nothing that runs changes with it.
    func planRecord(_ draft: inout PlanDraft) {
        guard draft.makesRelease, draft.steps.isEmpty, !draft.input.isUnderWay else { return }
        draft.add(
            .release,
            .create,
            draft.nextNumber.description,
            reason: recordReason(draft.input),
            work: .record(draft.nextNumber)
        )
    }

    private func recordReason(_ input: PlanInput) -> String {
        if case .run(let manifest, _) = input.wish, let live = input.record.live, live.manifest.drift != manifest.drift
        {
            return "drift: \(manifest.drift.rawValue) from now on"
        }
        return "changes only process types that do not run"
    }
}
