// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import ForgeEngine
import ForgeModel
import ForgePlan
import Logging
import Synchronization

/// Plans one app after the other, each only when its line is asked for: however many apps there are, one plan is held.
final class FleetReview: Sendable {
    private struct Progress {
        var rest: ArraySlice<AppName>
        var told = 0
        var isEnded = false
    }

    private let plans: any PlanSource
    private let logger: Logger
    private let progress: Mutex<Progress>

    init(apps: [AppName], plans: any PlanSource, logger: Logger) {
        self.plans = plans
        self.logger = logger
        progress = Mutex(Progress(rest: apps[...]))
    }

    /// A line for each app that is still there, and then the end.
    func lines() -> AsyncThrowingStream<StreamedAppPlan, any Error> {
        AsyncThrowingStream { try await self.next() }
    }

    private func next() async throws -> StreamedAppPlan? {
        while let app = progress.withLock({ $0.rest.popFirst() }) {
            guard let document = try await document(app) else { continue }
            progress.withLock { $0.told += 1 }
            return .app(document)
        }
        return progress.withLock { progress in
            guard !progress.isEnded else { return nil }
            progress.isEnded = true
            return .end(apps: progress.told)
        }
    }

    /// The app's line; nil when it is gone by now. An app that cannot be planned is unknown, and the others go on.
    private func document(_ app: AppName) async throws -> AppPlanDocument? {
        do {
            return try await plans.standing(app).map {
                AppPlanDocument($0.document, isUnderWay: $0.isUnderWay, isWhole: false)
            }
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            logger.warning("an app could not be planned", metadata: ["app": "\(app)", "error": "\(error)"])
            return AppPlanDocument(app, unknown: Unknown(subject: "plan", reason: Problem(error).detail))
        }
    }
}
