// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgePlan
import ForgePlanner
import Logging

/// How generations begin and end (specs/states.md §3).
extension ReconcilePass {
    /// The journal of the wanted generation; a journal of an older one is closed, and what it started is stopped. Nil
    /// while a release command of an older one runs: nothing ends that, so the newer generation waits (specs/states.md §1).
    func journal(_ desired: DesiredApp, _ claim: Claim) async throws -> Journal? {
        guard let journal = try await store.journal(claim.app) else { return Journal(generation: desired.generation) }
        guard journal.generation != desired.generation else { return journal }
        if try await isReleasing(journal, claim.app) { return nil }
        for task in journal.tasks { try await executor.cluster.discard(task.name, of: claim.app) }
        if try await store.record(claim.app).settled != journal.generation {
            let event = DeployEvent(.result, generation: journal.generation, at: clock.now(), outcome: .superseded)
            try await store.append([event], of: claim.app)
        }
        let next = Journal(generation: desired.generation)
        try await store.save(next, claim)
        return next
    }

    private func isReleasing(_ journal: Journal, _ app: AppName) async throws -> Bool {
        let commands = journal.tasks.filter { $0.kind == .release }
        guard !commands.isEmpty else { return false }
        let seen = try await executor.cluster.observe(app).tasks
        return commands.contains { task in
            if case .running? = seen[task.name] { true } else { false }
        }
    }

    /// Shows a plan when it has steps that were not shown before: the first one, the one after a build that told more
    /// process types, and the one that returns to the old release.
    func announce(_ plan: Plan, _ work: inout Work) async throws {
        let steps = plan.steps.map(\.id)
        guard work.isDeploy, !steps.allSatisfy(work.journal.announced.contains) else { return }
        work.journal.announced = Array(Set(work.journal.announced).union(steps)).sorted()
        try await store.save(work.journal, work.claim)
        let document = PlanDocument(plan, fingerprint: try Digest(of: plan))
        try await emit(DeployEvent(.planned, generation: work.generation, at: clock.now(), plan: document), work)
    }

    /// Ends a generation that failed: first what was before is put back, then the failure is the result.
    func fail(_ work: inout Work, step: String, message: String, output: [String]) async throws -> Turn {
        let now = clock.now()
        for task in work.journal.tasks {
            await pump.drain(task, step: task.kind.step)
            try await discard(task.name, work)
        }
        guard work.isDeploy else {
            logger.warning("repair failed", metadata: ["app": "\(work.app)", "step": "\(step)", "error": "\(message)"])
            work.journal.end(step, at: now)
            return try await passing(&work, message)
        }
        if work.isReturning {
            return try await end(&work, .degraded, failure: work.record.failure)
        }
        let failure = DeployFailure(generation: work.generation, step: step, message: message, output: output, at: now)
        let began = work.journal.open(step)?.startedAt
        work.journal.end(step, at: now)
        work.record.failure = failure
        try await store.save(work.record, work.claim)
        try await store.save(work.journal, work.claim)
        try await emit(
            DeployEvent(
                .failed,
                generation: work.generation,
                at: now,
                step: step,
                milliseconds: began.map { now.number - $0.number },
                failure: failure
            ),
            work
        )
        return .again
    }

    /// Nothing is left to do: the generation serves, or what was before serves again, or the app is gone.
    func settle(_ work: inout Work, _ plan: Plan, _ world: PlanExecutor.Context) async throws -> Turn {
        guard work.isDeploy else {
            if !work.journal.entries.isEmpty { try await store.save(nil, work.claim) }
            return .rest(nil)
        }
        if work.isReturning { return try await end(&work, .failed, failure: work.record.failure) }
        switch work.desired.wish {
        case .destroy:
            do {
                try await store.forget(
                    DeployEvent(.result, generation: work.generation, at: clock.now(), outcome: .succeeded),
                    work.claim
                )
                return .rest(nil)
            } catch StoreError.stale {
                // A newer wish wants the app to run: it starts from nothing.
                return .again
            }
        case .run(let manifest, let source):
            return try await end(&work, .succeeded, release: try release(manifest, source, plan, world, work))
        }
    }

    private func release(
        _ manifest: AppManifest,
        _ source: Digest,
        _ plan: Plan,
        _ world: PlanExecutor.Context,
        _ work: Work
    ) throws -> Release? {
        guard let number = plan.next, let built = world.facts?.built else { return nil }
        return Release(
            number: number,
            generation: work.generation,
            manifest: manifest,
            source: source,
            buildKey: try BuildKey(source: source, settings: manifest.build, platform: world.platform),
            image: built.digest,
            imageProcesses: built.processes,
            createdBy: work.desired.requestedBy,
            createdAt: clock.now()
        )
    }

    private func end(
        _ work: inout Work,
        _ outcome: DeployOutcome,
        release: Release? = nil,
        failure: DeployFailure? = nil
    ) async throws -> Turn {
        for task in work.journal.tasks { try await discard(task.name, work) }
        work.record.settled = work.generation
        work.record.failure = failure
        let result = DeployEvent(
            .result,
            generation: work.generation,
            at: clock.now(),
            failure: failure,
            outcome: outcome
        )
        try await store.settle(work.record, release, result, work.claim)
        return outcome == .degraded ? .rest(settings.waitingPoll) : .rest(nil)
    }

    /// Closes the steps that were begun and that the world shows as done: a crash came between their effect and its note.
    func closeFinished(_ plan: Plan, _ observation: Observation, _ work: inout Work) async throws {
        let open = work.journal.entries.filter { $0.doneAt == nil }.map(\.step)
        for step in open where !plan.steps.contains(where: { $0.id == step }) {
            let began = work.journal.open(step)?.startedAt
            var detail = observation.readiness(step)
            for task in work.journal.tasks where task.kind.step == step {
                detail = await pump.drain(task, step: step)?.description
            }
            let now = clock.now()
            work.journal.end(step, at: now)
            try await store.save(work.journal, work.claim)
            let took = began.map { now.number - $0.number }
            try await emit(
                DeployEvent(
                    .done,
                    generation: work.generation,
                    at: now,
                    step: step,
                    detail: detail,
                    milliseconds: took
                ),
                work
            )
        }
    }
}

extension Observation {
    /// How many containers a deploy step has brought up, for people.
    fileprivate func readiness(_ step: String) -> String? {
        guard case .known(let cluster) = cluster else { return nil }
        for (process, rollout) in cluster.rollouts where step == "deploy/\(process)" {
            if case .complete(let ready) = rollout { return "\(ready) of \(ready) ready" }
        }
        return nil
    }
}

extension ClusterTask.Kind {
    /// The identity of the step that runs such a task.
    var step: String { rawValue }
}
