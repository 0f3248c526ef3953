// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgePlan
import ForgePlanner

/// Does what a step says, through the ports; it chooses nothing (specs/plan.md §6).
struct PlanExecutor: Sendable {
    let cluster: any Cluster
    let images: any Images
    let router: any Router

    /// What a step may need beside its work.
    struct Context: Sendable {
        let app: AppName
        let generation: Generation
        let platform: Platform
        let facts: ImageFacts?
        let live: Release?
    }

    /// The task that a step runs, if it runs one.
    func task(of step: Step, _ context: Context) throws -> ClusterTask? {
        switch step.work {
        case .build(let work):
            guard let source = context.facts?.source else { return nil }
            return try BuildTask.make(
                work,
                app: context.app,
                generation: context.generation,
                source: source,
                previous: context.live?.image,
                platform: context.platform
            )
        case .release(let work): return try releaseTask(work, context)
        default: return nil
        }
    }

    /// Applies a step as far as it can be applied now.
    func apply(_ step: Step, task: ClusterTask?, _ context: Context) async throws -> StepOutcome {
        do {
            switch step.work {
            case .build:
                guard let task else {
                    return .failed(message: "the source is not in the registry; deploy again", output: [])
                }
                return outcome(of: try await cluster.advance(task), "the build")
            case .release:
                guard let task else { return .passing("the image is not known yet") }
                try await cluster.prepare(Space(app: context.app))
                return outcome(of: try await cluster.advance(task), "the release command")
            case .push(let push):
                let digest = try await images.publish(context.app, key: push.key, as: push.release)
                return .done("\(context.platform.repository(of: context.app)):\(push.release) is \(digest.short)")
            case .prepare(let space): try await cluster.prepare(space)
            case .deploy(let workload):
                return outcome(of: try await cluster.advance(workload, generation: context.generation))
            case .route(let route): try await router.add(route)
            case .unroute(let route): try await router.remove(route)
            case .remove(let object): try await cluster.remove(object, of: context.app)
            case .forget: try await images.forget(context.app)
            case .record, .deployProcessesOfImage: break
            }
            return .done(nil)
        } catch let error as ClusterError {
            return error.code == .unreachable || error.code == .conflict
                ? .passing(error.message) : .failed(message: error.message, output: [])
        } catch let error as ImagesError {
            return error.code == .unreachable ? .passing(error.message) : .failed(message: error.message, output: [])
        } catch let error as RouterError {
            return .passing(error.description)
        }
    }

    private func outcome(of state: RolloutState) -> StepOutcome {
        switch state {
        case .progressing(let ready, let wanted): .waiting("\(ready) of \(wanted) ready")
        case .complete(let ready): .done("\(ready) of \(ready) ready")
        case .failed(let failure): .failed(message: failure.message, output: failure.output)
        }
    }

    private func outcome(of state: TaskState, _ what: String) -> StepOutcome {
        switch state {
        case .absent: return .passing("\(what) has not started")
        case .queued(let ahead): return .waiting("queued, \(ahead == 1 ? "1 build" : "\(ahead) builds") before it")
        case .running(let phase): return .waiting(phase)
        case .succeeded: return .done(nil)
        case .failed(let failure):
            let end = failure.reason ?? failure.exitCode.map { "exited with \($0)" } ?? "did not end well"
            let name = failure.phase == "command" ? what : "\(what), phase \(failure.phase)"
            return .failed(message: "\(name): \(end)", output: failure.output)
        }
    }

    private func releaseTask(_ work: ReleaseWork, _ context: Context) throws -> ClusterTask? {
        guard let image = work.image.value else { return nil }
        let command =
            switch work.command {
            case .image: ["/cnb/process/release"]
            case .shell(let line): ["/cnb/lifecycle/launcher", line]
            }
        return ClusterTask(
            name: "release-\(context.generation)-\(image.digest.hex.prefix(10))",
            app: context.app,
            kind: .release,
            generation: context.generation,
            phases: [
                TaskPhase(
                    name: "command",
                    image: image,
                    command: command,
                    env: work.env,
                    network: .app,
                    resources: work.resources
                )
            ],
            timeout: Planner.releaseTimeout
        )
    }
}
