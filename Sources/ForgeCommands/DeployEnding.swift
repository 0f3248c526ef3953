// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import ForgeClient
import ForgeModel
import ForgePlan

/// Tells how a generation ended, as text and as an exit status.
struct DeployEnding {
    private let session: Session
    private let app: AppName
    private let plan: PlanDocument
    private let isRemoval: Bool

    init(_ session: Session, _ app: AppName, plan: PlanDocument, isRemoval: Bool = false) {
        self.session = session
        self.app = app
        self.plan = plan
        self.isRemoval = isRemoval
    }

    /// Tells that the platform works on it, when nobody watches.
    func tellAccepted(_ generation: Generation) throws -> ExitStatus {
        if !session.json { session.say("\(app): generation \(generation) is accepted; forge status \(app) follows it") }
        try result("accepted", .done, generation)
        return .done
    }

    /// Tells the end of watching a deploy. After it went well, the platform is asked what serves.
    func tell(_ end: DeployWatch.End, generation: Generation, client: ForgeClient) async throws -> ExitStatus {
        switch end {
        case .interrupted:
            let what = isRemoval ? "removal" : "deploy"
            session.note("the \(what) of \(app) (generation \(generation)) continues; forge status \(app) follows it")
            try result("interrupted", .interrupted, generation)
            return .interrupted
        case .result(let event, let progress):
            let outcome = event.outcome ?? .failed
            let status = ExitStatus(outcome)
            // What serves is a courtesy: without an answer the deploy went well all the same.
            let seen = outcome == .succeeded && !isRemoval ? try? await client.status(app) : nil
            if session.json {
                try result(outcome.rawValue, status, generation, seen, event.failure)
            } else {
                tell(outcome, event, progress, seen)
            }
            return status
        }
    }

    private func tell(
        _ outcome: DeployOutcome,
        _ event: DeployEvent,
        _ progress: DeployProgress,
        _ seen: AppStatusDocument?
    ) {
        switch outcome {
        case .succeeded: session.say(success(seen))
        case .failed: tellFailure(event, progress, plan.onFailure ?? "nothing of \(app) served before")
        case .degraded: tellFailure(event, progress, "\(app) does not serve as it did before")
        case .superseded: session.note("a newer deploy of \(app) took its place; forge status \(app) follows that one")
        }
    }

    private func success(_ seen: AppStatusDocument?) -> String {
        if isRemoval { return "\(app) is gone" }
        guard let release = seen?.release ?? plan.next ?? plan.live else { return "\(app) is as asked" }
        guard let url = seen?.url else { return "\(app) \(release) is live" }
        return "\(app) \(release) is live at \(url)"
    }

    private func tellFailure(_ event: DeployEvent, _ progress: DeployProgress, _ now: String) {
        let isShown = progress.rows.contains { $0.state == .failed }
        if let failure = event.failure, !isShown {
            let step = DeployProgress.label(of: failure.step)
            session.note("\(session.style(.error).paint("error:", .bad)) \(step): \(failure.message.withoutControls)")
            failure.output.suffix(50).forEach { session.note("      \($0.withoutControls)") }
        }
        session.note("\(now). forge status \(app) and forge logs \(app) say more.")
    }

    private func result(
        _ outcome: String,
        _ status: ExitStatus,
        _ generation: Generation,
        _ seen: AppStatusDocument? = nil,
        _ failure: DeployFailure? = nil
    ) throws {
        guard session.json else { return }
        var document = ResultDocument(outcome, status, app: app)
        document.generation = generation
        document.release = seen?.release
        document.url = seen?.url
        document.failure = failure
        try session.emit(document)
    }
}
