// SPDX-License-Identifier: Apache-2.0

import ForgeModel

/// What is to be done about a workload now, decided from what is there: pure, so it can be tried without podman.
struct RolloutDecision: Sendable {
    /// A container that will not become ready.
    struct Failure: Sendable, Hashable {
        let instance: Instance
        let reason: Reason

        /// What it did.
        enum Reason: Hashable, Sendable {
            /// It ended this many times, at last with this code.
            case exited(code: Int, times: Int)
            /// It runs and does not answer.
            case silent
        }
    }

    /// A new container that ended this often has failed.
    static let tolerableExits = 3

    /// Numbers of containers to create.
    var creations: [Int] = []
    /// Containers to start.
    var starts: [Instance] = []
    /// Failed containers of an earlier generation: this one may try again.
    var removals: [Instance] = []
    /// Containers to retire now.
    var retirements: [Instance] = []
    /// Why it will not become ready.
    var failure: Failure?
    /// How many of the wanted containers are ready.
    var ready = 0
    /// Whether the wanted containers are ready and nothing else is left.
    var isComplete = false

    /// Decides for `wanted` containers of the set `set`.
    init(set: String, wanted: Int, generation: Generation, members: [Member], now: Moment) {
        let sets = WorkloadSets(members)
        let own = members.filter { $0.instance.set == set && $0.instance.ordinal <= wanted }
        let others = members.filter { $0.instance.set != set || $0.instance.ordinal > wanted }
        guard wanted > 0 else {
            retirements = others.filter { !$0.isRetiring }.map(\.instance)
            isComplete = others.isEmpty
            return
        }
        for member in own.sorted(by: { $0.instance.ordinal < $1.instance.ordinal }) where !member.isRetiring {
            judge(member, generation: generation, now: now)
        }
        let taken = Set(own.map(\.instance.ordinal))
        creations = (1...wanted).filter { !taken.contains($0) }
        ready = own.filter(\.isServingCandidate).count
        let isReady = ready == wanted && creations.isEmpty
        // Until all are ready, the set that serves stays whole; what neither serves nor is wanted goes at once.
        retirements =
            others
            .filter { !$0.isRetiring && (isReady || $0.instance.set == set || $0.instance.set != sets.serving?.id) }
            .map(\.instance)
        isComplete = isReady && others.isEmpty
    }

    private mutating func judge(_ member: Member, generation: Generation, now: Moment) {
        guard !member.isReady else { return }
        if let reason = Self.reason(member, now: now) {
            if member.instance.generation < generation {
                removals.append(member.instance)
            } else if failure == nil {
                failure = Failure(instance: member.instance, reason: reason)
            }
        } else if member.instance.state == .created {
            starts.append(member.instance)
        }
    }

    private static func reason(_ member: Member, now: Moment) -> Failure.Reason? {
        if member.exits >= tolerableExits, let code = member.exitCode {
            return .exited(code: code, times: member.exits)
        }
        let instance = member.instance
        guard instance.state == .running, let readiness = member.readiness, !readiness.wasReady,
            now.milliseconds(since: instance.started) >= instance.healthcheck.grace.milliseconds
        else { return nil }
        return .silent
    }
}
