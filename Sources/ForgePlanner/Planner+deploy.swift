// SPDX-License-Identifier: Apache-2.0

package import ForgeModel
import ForgePlan

extension Planner {
    /// How long a rollout may take beyond the grace that its containers have to become ready.
    package static let rolloutSlack = TimeSpan(seconds: 240)

    /// Plans the app's network.
    func planNetwork(_ world: PlanDraft.World, _ draft: inout PlanDraft) {
        let space = Space(app: draft.input.app)
        for wanted in dialect.encode(.space(space)) {
            let live = world.cluster.objects.first { $0.reference == wanted.reference }
            let diff = FieldDiff(kind: wanted.reference.kind, from: live?.fields, to: wanted.fields, dialect: dialect)
            guard !diff.changes.isEmpty || live == nil else {
                draft.unchangedObjects += 1
                continue
            }
            draft.add(
                .deploy,
                live == nil ? .create : .update,
                wanted.reference.kind,
                reason: "the app's own, closed to other apps",
                work: .prepare(space)
            )
        }
        draft.unenforced += dialect.unenforced([.space(space)])
    }

    /// Plans every process type that differs from what runs, or that this generation has to wait for.
    func planWorkloads(_ effective: EffectiveApp, _ world: PlanDraft.World, _ draft: inout PlanDraft) {
        for workload in effective.workloads {
            for wanted in dialect.encode(.workload(workload)) {
                let live = world.cluster.objects.first { $0.reference == wanted.reference }
                planWorkload(workload, wanted: wanted, live: live, world.cluster, &draft)
            }
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
        wanted: NativeObject,
        live: NativeObject?,
        _ cluster: ClusterObservation,
        _ draft: inout PlanDraft
    ) {
        let diff = FieldDiff(kind: wanted.reference.kind, from: live?.fields, to: wanted.fields, dialect: dialect)
        if diff.changes.isEmpty, isSettled(cluster.rollouts[workload.process], draft.input) {
            draft.unchangedObjects += 1
            return
        }
        let ready = "\(workload.instances) of \(workload.instances) ready"
        let limit = TimeSpan(seconds: (workload.healthcheck.grace.milliseconds + Self.rolloutSlack.milliseconds) / 1000)
        draft.add(
            .deploy,
            live == nil ? .create : .update,
            workload.process.text,
            reason: deployReason(diff, live: live),
            diff: diff,
            wait: Wait(ready, atMost: limit),
            downtime: downtime(of: workload, replacing: live),
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
            let name = String(change.path.prefix { $0 != "." && $0 != "[" })
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
            reason: "changes only process types that do not run",
            work: .record(draft.nextNumber)
        )
    }
}
