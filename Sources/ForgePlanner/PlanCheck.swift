// SPDX-License-Identifier: Apache-2.0

import ForgeModel
package import ForgePlan

/// Verifies a plan without knowing how it was made: a second opinion before anything happens (specs/plan.md §6).
package enum PlanCheck {
    /// What a plan does that no plan may do; empty when it is sound.
    package static func violations(_ plan: Plan, for input: PlanInput) -> [String] {
        var found: [String] = []
        if plan.app != input.app { found.append("it is for another app: \(plan.app)") }
        if plan.generation != input.generation { found.append("it is for another generation: \(plan.generation)") }
        if plan.steps.map(\.number) != Array(1..<(plan.steps.count + 1)) {
            found.append("its steps are not numbered 1, 2, …")
        }
        if Set(plan.steps.map(\.id)).count != plan.steps.count { found.append("two steps have the same identity") }
        if !plan.refusals.isEmpty, !plan.steps.isEmpty { found.append("it is refused and has steps") }
        let kinds = plan.steps.map(\.kind.position)
        if kinds != kinds.sorted() { found.append("its steps are not in the order of their kinds") }
        found += plan.steps.flatMap { violations($0, plan, input) }
        return found
    }

    private static func violations(_ step: Step, _ plan: Plan, _ input: PlanInput) -> [String] {
        let earlier = plan.steps.filter { $0.number < step.number }.map(\.id)
        var found: [String] = []
        func require(_ condition: Bool, _ message: String) {
            if !condition { found.append("step \(step.number) (\(step.id)) \(message)") }
        }
        switch step.work {
        case .push(let push):
            require(push.image.value != nil || earlier.contains("build"), "pushes an image that nothing builds")
        case .release(let release):
            require(release.image.value != nil || earlier.contains("push"), "runs in an image that nothing publishes")
        case .deploy(let workload):
            require(workload.image.value != nil || earlier.contains("push"), "runs an image that nothing publishes")
            require(workload.app == plan.app, "deploys another app: \(workload.app)")
            require(input.wish != .destroy, "deploys a destroyed app")
        case .route(let route), .unroute(let route):
            require(route.app == plan.app, "routes another app: \(route.app)")
        case .remove(let object):
            require(owned(input).contains(object), "removes what was not seen to be the app's: \(object)")
        case .forget:
            require(input.wish == .destroy, "forgets an app that nobody destroyed")
            require(step.number == plan.steps.count, "forgets the app before the last step")
        case .prepare(let space):
            require(space.app == plan.app, "walls off another app: \(space.app)")
        case .build, .record, .deployProcessesOfImage:
            break
        }
        return found
    }

    /// The objects that are the app's alone; what all apps share goes with none of them.
    private static func owned(_ input: PlanInput) -> Set<ObjectReference> {
        guard case .known(let cluster) = input.observation.cluster else { return [] }
        return Set(cluster.objects.filter { !$0.isShared }.map(\.reference))
    }
}

extension Step.Kind {
    /// Where the kind comes in a plan; the network is made in a deploy step that comes before the release command.
    fileprivate var position: Int {
        switch self {
        case .build: 0
        case .push: 1
        case .release, .deploy: 2
        case .route: 3
        case .prune: 4
        }
    }
}
