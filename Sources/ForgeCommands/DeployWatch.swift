// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import ForgeClient
import ForgeModel
import ForgePlan

/// Shows a committed generation until it has ended, or until Ctrl-C.
struct DeployWatch {
    private let session: Session
    private let client: ForgeClient
    private let verbose: Bool

    init(_ session: Session, _ client: ForgeClient, verbose: Bool) {
        self.session = session
        self.client = client
        self.verbose = verbose
    }

    /// How watching ended.
    enum End: Sendable {
        /// The generation ended, and this is all that was seen of it.
        case result(DeployEvent, DeployProgress)
        /// Ctrl-C; the platform goes on.
        case interrupted
    }

    private enum Signal: Sendable {
        case followed(Followed<EventCursor>.Element)
        case tick
        case interrupt
    }

    /// Follows the generation. Throws `ClientError` when the platform stays away for too long.
    func run(_ app: AppName, _ accepted: DeployAccepted, plan: PlanDocument) async throws -> End {
        let (signals, queue) = AsyncThrowingStream<Signal, any Error>.makeStream()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { await follow(app, accepted, queue) }
            group.addTask {
                while (try? await Task.sleep(for: .milliseconds(100))) != nil { queue.yield(.tick) }
            }
            group.addTask {
                for await _ in Interrupts.stream() { queue.yield(.interrupt) }
            }
            return try await show(signals, app, DeployProgress(plan))
        }
    }

    private func follow(
        _ app: AppName,
        _ accepted: DeployAccepted,
        _ queue: AsyncThrowingStream<Signal, any Error>.Continuation
    ) async {
        do {
            for try await element in client.follow(app, generation: accepted.generation, after: accepted.after) {
                queue.yield(.followed(element))
            }
            queue.finish()
        } catch {
            queue.finish(throwing: error)
        }
    }

    private func show(
        _ signals: AsyncThrowingStream<Signal, any Error>,
        _ app: AppName,
        _ start: DeployProgress
    ) async throws -> End {
        var progress = start
        var display = display()
        for try await signal in signals {
            switch signal {
            case .followed(.item(let event)):
                let change = progress.apply(event)
                display.show(event, change, progress)
                if event.kind == .result { return .result(event, progress) }
            case .followed(.interrupted):
                display.note("  the platform is away; the deploy goes on, and so does this when it is back", progress)
            case .followed(.resumed): display.note("  the platform is back", progress)
            case .tick: display.tick(progress)
            case .interrupt: return .interrupted
            }
        }
        throw CommandFailure(
            "failed",
            "the events of \(app) ended without a result; forge status \(app) tells",
            .unavailable
        )
    }

    private func display() -> any DeployDisplay {
        if session.json { return JSONDisplay(session) }
        return session.isLive ? LiveDisplay(session, verbose: verbose) : PlainDisplay(session, verbose: verbose)
    }
}
