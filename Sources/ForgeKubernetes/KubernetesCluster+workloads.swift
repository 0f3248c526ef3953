// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeKubernetesClient
import ForgeKubernetesObjects
package import ForgeModel

extension KubernetesCluster {
    /// What has to be seen to move a workload.
    private static let needed: [WatchedKind] = WatchedKind.ofApps + [.pod, .namespace, .quota, .limitRange]

    /// Makes an app's walls, and those that all apps share.
    package func prepare(_ space: Space) async throws {
        try connection().require(Self.needed)
        for object in spelling.objects(of: .space(space)) {
            try await ensure(object, of: object.isShared ? nil : space.app)
        }
    }

    /// Applies what differs of a workload, and says what its Deployment and pods say.
    package func advance(_ workload: Workload, generation: Generation) async throws -> RolloutState {
        guard workload.image.value != nil else {
            throw ClusterError(.invalid, "\(workload.service) cannot run before its image is built")
        }
        try await prepare(Space(app: workload.app))
        let wanted = spelling.objects(of: .workload(workload))
        try await removeLeftovers(of: workload, besides: wanted)
        for object in wanted { try await ensure(object, of: workload.app) }
        return try await rollout(of: workload)
    }

    /// Removes objects of the process type that are not described any more, such as the budget of one that has a single
    /// instance now. Before anything is applied: once that is done, nothing would come back for them.
    private func removeLeftovers(of workload: Workload, besides wanted: [KubernetesObject]) async throws {
        let connection = try connection()
        for cache in WatchedKind.ofApps.flatMap({ connection.caches($0) }) {
            for live in cache.objects(of: workload.app) where live.content.process == workload.process {
                let isWanted = wanted.contains { $0.kind == cache.resource.kind && $0.name == live.key.name }
                if !isWanted, !live.isTerminating { try await delete(live, cache.resource, cache) }
            }
        }
    }

    // MARK: Rollouts

    private func rollout(of workload: Workload) async throws -> RolloutState {
        let connection = try connection()
        let namespace = settings.naming.appsNamespace
        let pods = pods(of: workload.app, workload.process, in: connection)
        guard workload.instances > 0 else {
            return pods.isEmpty ? .complete(ready: 0) : .progressing(ready: 0, wanted: 0)
        }
        let name = settings.naming.workload(workload.app, workload.process)
        guard let set = spelling.set(of: workload),
            let deployment = connection.cache(.deployment, namespace)?.object(named: name)?.content.facts.deployment
        else { return .progressing(ready: 0, wanted: workload.instances) }
        let evidence = RolloutEvidence(
            of: workload,
            set: set,
            deployment: deployment,
            pods: pods.compactMap(\.content.facts.pod),
            at: .now
        )
        switch evidence.verdict {
        case .progressing(let ready): return .progressing(ready: ready, wanted: workload.instances)
        case .complete: return .complete(ready: workload.instances)
        case .failed(let message, let log):
            return .failed(RolloutFailure(message: message, output: await output(log, of: pods)))
        }
    }

    /// The pods of a process type, those that are ending included.
    private func pods(of app: AppName, _ process: ProcessType, in connection: Connection) -> [CachedObject] {
        connection.cache(.pod, settings.naming.appsNamespace)?.objects(of: app)
            .filter { $0.content.process == process && $0.content.task == nil } ?? []
    }

    /// The last lines that a log source names; none without one.
    func output(_ source: LogSource?, of pods: [CachedObject]) async -> [String] {
        guard let source, let pod = pods.first(where: { $0.key.name == source.pod }),
            let namespace = pod.key.namespace
        else { return [] }
        let container = pod.content.facts.pod?.containers.first { $0.name == source.container }
        let run = FailureOutputs.Run(pod: pod.uid, container: source.container, ends: container?.ends ?? 0)
        return await outputs.lines(of: run, source, in: namespace)
    }
}
