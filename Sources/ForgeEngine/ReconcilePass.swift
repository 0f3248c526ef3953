// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgePlan
import ForgePlanner
import Logging

/// One visit of a worker to an app: as many steps as can be done without waiting.
struct ReconcilePass: Sendable {
    let store: any StateStore
    let observer: Observer
    let executor: PlanExecutor
    let pump: OutputPump
    let clock: WallClock
    let settings: Reconciler.Settings
    let logger: Logger

    /// What one turn of the loop leads to.
    enum Turn: Sendable {
        /// Look again at once.
        case again
        /// Nothing more can be done now; look again after a while, or only when something changes.
        case rest(TimeSpan?)
    }

    /// Runs until nothing is left to do or only waiting is; gives when to look again.
    func run(_ claim: Claim) async throws -> TimeSpan? {
        while true {
            try Task.checkCancellation()
            guard let desired = try await store.desired(claim.app) else { return nil }
            guard let journal = try await journal(desired, claim) else { return settings.waitingPoll }
            var work = Work(
                desired: desired,
                record: try await store.record(claim.app),
                claim: claim,
                journal: journal
            )
            switch try await turn(&work) {
            case .again: continue
            case .rest(let delay): return delay
            }
        }
    }

    /// The state of one visit.
    struct Work: Sendable {
        let desired: DesiredApp
        var record: AppRecord
        let claim: Claim
        var journal: Journal

        var app: AppName { claim.app }
        var generation: Generation { desired.generation }
        /// Whether the generation has not come to its end yet; else this is the repair of what it left.
        var isDeploy: Bool { record.settled != generation }
        /// Whether the generation failed and what was before is being put back.
        var isReturning: Bool { record.failure?.generation == generation }
    }

    private func turn(_ work: inout Work) async throws -> Turn {
        let target = PlanTarget(work.desired.wish, generation: work.generation, record: work.record)
        let (platform, observation) = try await observer.observe(work.app, target)
        let input = PlanInput(
            standing: work.desired,
            of: work.app,
            record: work.record,
            journal: work.journal,
            platform: platform,
            observation: observation
        )
        let plan = Planner(dialect: executor.cluster.dialect).plan(input)
        try PlanCheck.require(plan, for: input)
        if let refusal = plan.refusals.first {
            return try await fail(&work, step: "plan", message: refusal, output: Array(plan.refusals.dropFirst()))
        }
        if plan.unknown.isEmpty { try await closeFinished(plan, observation, &work) }
        try await announce(plan, &work)
        guard case .known(let platform) = platform else { return try await passing(&work, "the platform is not known") }
        let world = context(work, platform, observation)
        if let step = plan.steps.first { return try await take(step, of: plan, &work, world) }
        if let unknown = plan.unknown.first { return try await passing(&work, unknown.reason) }
        return try await settle(&work, plan, world)
    }

    private func context(_ work: Work, _ platform: Platform, _ observation: Observation) -> PlanExecutor.Context {
        var facts: ImageFacts?
        if case .known(let known) = observation.images { facts = known }
        return PlanExecutor.Context(
            app: work.app,
            generation: work.generation,
            platform: platform,
            facts: facts,
            live: work.record.live
        )
    }

    // MARK: One step

    private func take(
        _ step: Step,
        of plan: Plan,
        _ work: inout Work,
        _ context: PlanExecutor.Context
    ) async throws -> Turn {
        let now = clock.now()
        let isNew = work.journal.open(step.id) == nil
        let began = work.journal.begin(step.id, at: now)
        let task = try executor.task(of: step, context)
        if let task, !work.journal.tasks.contains(where: { $0.name == task.name }) { work.journal.tasks.append(task) }
        try await reserveNumber(plan, step, &work)
        // Before the effect: whoever comes after a crash here finds what was begun.
        if isNew {
            try await store.save(work.journal, work.claim)
            try await emit(DeployEvent(.started, generation: work.generation, at: now, step: step.id), work)
        }
        let limit = step.wait?.atMost ?? TimeSpan(seconds: 300)
        switch try await executor.apply(step, task: task, context) {
        case .done(let detail):
            return try await finish(step, task, detail: detail, began: began, &work)
        case .failed(let message, let output):
            return try await fail(&work, step: step.id, message: message, output: output)
        case .waiting(let detail):
            guard clock.now() < began.adding(milliseconds: limit.milliseconds) else {
                return try await fail(&work, step: step.id, message: "took longer than \(limit): \(detail)", output: [])
            }
            if let task { pump.follow(task, phase: detail, step: step.id) }
            if work.journal.say(detail, of: step.id) {
                try await store.save(work.journal, work.claim)
                try await emit(
                    DeployEvent(.progress, generation: work.generation, at: clock.now(), step: step.id, detail: detail),
                    work
                )
            }
            return .rest(settings.waitingPoll)
        case .passing(let reason):
            guard clock.now() < began.adding(milliseconds: limit.milliseconds) else {
                return try await fail(&work, step: step.id, message: "gave up after \(limit): \(reason)", output: [])
            }
            return try await passing(&work, reason)
        }
    }

    /// Gives the generation its release number, once, before the first effect that carries it.
    private func reserveNumber(_ plan: Plan, _ step: Step, _ work: inout Work) async throws {
        guard work.isDeploy, step.kind != .build, work.journal.release == nil, let number = plan.next else { return }
        work.journal.release = number
        work.record.lastNumber = number
        try await store.save(work.journal, work.claim)
        try await store.save(work.record, work.claim)
    }

    private func finish(
        _ step: Step,
        _ task: ClusterTask?,
        detail: String?,
        began: Timestamp,
        _ work: inout Work
    ) async throws -> Turn {
        let now = clock.now()
        var detail = detail
        if let task, let report = await pump.drain(task, step: step.id) { detail = report.description }
        work.journal.end(step.id, at: now)
        work.journal.attempts = 0
        try await store.save(work.journal, work.claim)
        try await emit(
            DeployEvent(
                .done,
                generation: work.generation,
                at: now,
                step: step.id,
                detail: detail,
                milliseconds: now.number - began.number
            ),
            work
        )
        // After the journal: a task that is gone and not noted as done would run again.
        if let task {
            try await discard(task.name, work)
            work.journal.tasks.removeAll { $0.name == task.name }
            try await store.save(work.journal, work.claim)
        }
        return .again
    }

    func discard(_ task: String, _ work: Work) async throws {
        do {
            try await executor.cluster.discard(task, of: work.app)
        } catch let error as ClusterError {
            // What is left of it carries the app's label, so destroying the app or the next deploy finds it.
            logger.warning(
                "a task could not be removed",
                metadata: ["app": "\(work.app)", "task": "\(task)", "error": "\(error)"]
            )
        }
    }

    /// A fault that may pass: try again later, each time later than before.
    func passing(_ work: inout Work, _ reason: String) async throws -> Turn {
        work.journal.attempts += 1
        let delay = Backoff.delay(attempt: work.journal.attempts)
        logger.info(
            "waiting for a fault to pass",
            metadata: ["app": "\(work.app)", "reason": "\(reason)", "again": "\(delay)"]
        )
        if let open = work.journal.entries.last(where: { $0.doneAt == nil }), work.journal.say(reason, of: open.step) {
            try await emit(
                DeployEvent(.progress, generation: work.generation, at: clock.now(), step: open.step, detail: reason),
                work
            )
        }
        try await store.save(work.journal, work.claim)
        return .rest(delay)
    }

    /// Appends an event of a deploy; repairs are silent, they are nobody's deploy.
    func emit(_ event: DeployEvent, _ work: Work) async throws {
        guard work.isDeploy else {
            logger.info(
                "repair",
                metadata: ["app": "\(work.app)", "event": "\(event.kind)", "step": "\(event.step ?? "")"]
            )
            return
        }
        try await store.append([event], of: work.app)
    }
}
