// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeModel
import Synchronization

/// All that is kept in memory: the containers as last seen, and what cannot be read from podman. Losing it costs a
/// second look at everything and nothing else.
final class Fleet: Sendable {
    private struct Restart {
        /// How often the container ended in runs that podman no longer counts.
        var exits = 0
        /// When it may be started again.
        var notBefore = Moment(nanoseconds: 0)
        /// How it ended last.
        var exitCode: Int?
    }

    private struct State {
        var instances: [String: Instance] = [:]
        var readiness: [Instance.Run: Readiness] = [:]
        var retiring: Set<String> = []
        var restarts: [String: Restart] = [:]
        /// Runs without healthcheck that are known to have run long enough.
        var settled: Set<Instance.Run> = []
        /// Containers whose podman state may have changed since they were looked at.
        var changed: Set<String> = []
        var isStale = true
        /// Whether every running container that can be probed has been, once: before that, what does not answer yet
        /// must not be taken out of service.
        var isSurveyed = false
        var isListed = false
    }

    private let state = Mutex(State())

    // MARK: Seeing

    /// Replaces what is known of one workload, one app or all.
    func replace(_ instances: [Instance], where isMeant: (Instance) -> Bool) {
        state.withLock { state in
            state.instances = state.instances.filter { !isMeant($0.value) }
            for instance in instances { state.instances[instance.id] = instance }
        }
    }

    /// Replaces everything that is known.
    func replaceAll(_ instances: [Instance]) {
        let runs = Set(instances.map(\.run))
        let ids = Set(instances.map(\.id))
        state.withLock { state in
            state.instances = Dictionary(instances.map { ($0.id, $0) }) { $1 }
            state.readiness = state.readiness.filter { runs.contains($0.key) }
            state.restarts = state.restarts.filter { ids.contains($0.key) }
            state.settled.formIntersection(runs)
            state.retiring.formIntersection(ids)
            state.isListed = true
        }
    }

    /// A container as last seen, unless it is said to have changed since.
    func unchanged(_ id: String) -> Instance? {
        state.withLock { $0.changed.contains(id) ? nil : $0.instances[id] }
    }

    /// The run of a container, while it goes on.
    func instance(of run: Instance.Run) -> Instance? {
        state.withLock { state in
            state.instances[run.container].flatMap { $0.run == run && $0.state == .running ? $0 : nil }
        }
    }

    /// Notes that a container, or any of them, may have changed.
    func invalidate(_ id: String?) {
        state.withLock { state in
            if let id { state.changed.insert(id) }
            state.isStale = true
        }
    }

    /// Notes that everything may have changed.
    func invalidateAll() {
        state.withLock { state in
            state.changed.formUnion(state.instances.keys)
            state.isStale = true
        }
    }

    /// Whether a new look is due; asking settles it.
    func takeStaleness() -> Bool {
        state.withLock { state in
            defer { state.isStale = false }
            return state.isStale
        }
    }

    /// Forgets which containers changed: they are looked at now.
    func takeChanged() -> Set<String> {
        state.withLock { state in
            defer { state.changed = [] }
            return state.changed
        }
    }

    // MARK: Judging

    /// Notes the outcome of a probe; returns whether the container's readiness changed.
    func note(_ run: Instance.Run, answered: Bool) -> Bool {
        state.withLock { state in
            var readiness = state.readiness[run] ?? Readiness()
            let before = readiness.isReady
            readiness.note(answered: answered)
            state.readiness[run] = readiness
            return before != readiness.isReady
        }
    }

    /// What probing has shown of a run.
    func readiness(of run: Instance.Run) -> Readiness {
        state.withLock { $0.readiness[run] ?? Readiness() }
    }

    /// The containers as last seen, with what is known of them.
    func members(at now: Moment, where isMeant: (Instance) -> Bool = { _ in true }) -> [Member] {
        state.withLock { state in
            state.instances.values.filter(isMeant).map { Self.member($0, state, now) }
        }
    }

    private static func member(_ instance: Instance, _ state: State, _ now: Moment) -> Member {
        let readiness = state.readiness[instance.run]
        let isReady: Bool
        switch instance.healthcheck {
        case .none: isReady = instance.state == .running && Readiness.hasSettled(instance, at: now)
        case .tcp, .http: isReady = instance.state == .running && readiness?.isReady == true
        }
        return Member(
            instance: instance,
            readiness: readiness,
            isReady: isReady,
            isRetiring: state.retiring.contains(instance.id) || instance.state == .stopping,
            earlierExits: state.restarts[instance.id]?.exits ?? 0,
            lastExitCode: state.restarts[instance.id]?.exitCode
        )
    }

    /// The apps of containers without healthcheck that have become ready since it was last asked.
    func takeSettled(at now: Moment) -> Set<AppName> {
        state.withLock { state in
            let settled = state.instances.values.filter {
                $0.healthcheck == .none && $0.state == .running && Readiness.hasSettled($0, at: now)
            }
            return Set(settled.filter { state.settled.insert($0.run).inserted }.map(\.app))
        }
    }

    /// The endpoints of every service; nil before everything has been looked at and asked once.
    func endpoints(at now: Moment) -> [String: [Endpoint]]? {
        let isSurveyed = state.withLock { state in
            guard !state.isSurveyed else { return true }
            state.isSurveyed =
                state.isListed
                && state.instances.values.allSatisfy {
                    $0.endpoint == nil || $0.healthcheck == .none || state.readiness[$0.run] != nil
                }
            return state.isSurveyed
        }
        guard isSurveyed else { return nil }
        let members = members(at: now) { $0.port != nil }
        return Dictionary(grouping: members, by: \.instance.service).mapValues { WorkloadSets($0).endpoints }
    }

    // MARK: Retiring and restarting

    /// Marks containers as on their way out; returns those that were not yet.
    func retire(_ instances: [Instance]) -> [Instance] {
        state.withLock { state in instances.filter { state.retiring.insert($0.id).inserted } }
    }

    /// Gives up on retiring containers: the next advance decides anew.
    func keep(_ instances: [Instance]) {
        state.withLock { $0.retiring.subtract(instances.map(\.id)) }
    }

    /// Forgets a removed container.
    func forget(_ id: String) {
        state.withLock { state in
            state.instances[id] = nil
            state.restarts[id] = nil
            state.retiring.remove(id)
        }
    }

    /// Containers that ended, are wanted as far as can be told, and may be started again now.
    ///
    /// podman itself restarts a few times at once, and is given a second for that; after that the pauses grow to 5 min.
    func takeRestarts(at now: Moment) -> [Instance] {
        let members = members(at: now)
        let sets = Dictionary(grouping: members, by: \.instance.service).mapValues { WorkloadSets($0) }
        return state.withLock { state in
            members.compactMap { member in
                let instance = member.instance
                // While a newer set is there, this one is on its way out, or serves and is judged by the rollout.
                guard instance.state == .exited, !member.isRetiring,
                    now.milliseconds(since: instance.finished) >= 1_000,
                    sets[instance.service]?.groups.last?.id == instance.set,
                    (state.restarts[instance.id]?.notBefore ?? now) <= now
                else { return nil }
                let pause = min(500 << min(member.exits, 16), 300_000)
                state.restarts[instance.id, default: Restart()].notBefore = now.adding(milliseconds: pause)
                return instance
            }
        }
    }

    /// Notes how a container ended, for podman forgets it when it starts the container again.
    func noteExit(of id: String, code: Int) {
        state.withLock { $0.restarts[id, default: Restart()].exitCode = code }
    }

    /// Counts the runs of a container that podman no longer counts, for it was started by a call.
    func noteRestart(of instance: Instance) {
        state.withLock { $0.restarts[instance.id, default: Restart()].exits += instance.restarts + 1 }
    }
}
