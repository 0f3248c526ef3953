// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeKubernetesObjects
package import ForgeModel

extension KubernetesCluster {
    /// What the caches hold of an app: no request is made, but for the last lines of a failed task that nobody has asked
    /// for yet.
    package func observe(_ app: AppName) async throws -> ClusterObservation {
        let connection = try connection()
        try connection.require(WatchedKind.cluster.filter { $0 != .ingress })
        var observation = ClusterObservation(objects: shared(with: app, in: connection))
        for kind in WatchedKind.ofApps {
            for cache in connection.caches(kind) {
                for object in cache.objects(of: app) where !object.isTerminating {
                    observation.objects.append(native(object, kind.rawValue))
                    guard let process = object.content.process, let facts = object.content.facts.deployment else {
                        continue
                    }
                    observation.rollouts[process] =
                        facts.isComplete
                        ? .complete(ready: facts.wanted)
                        : .progressing(ready: min(facts.available, facts.wanted), wanted: facts.wanted)
                }
            }
        }
        observation.objects.sort { $0.reference < $1.reference }
        for job in connection.caches(.job).flatMap({ $0.objects(of: app) }) where !job.isTerminating {
            guard let task = job.content.task else { continue }
            observation.tasks[task] = await state(of: job, in: connection)
        }
        return observation
    }

    /// What the app shares with all others, of what its space needs.
    private func shared(with app: AppName, in connection: Connection) -> [NativeObject] {
        spelling.objects(of: .space(Space(app: app))).filter(\.isShared).compactMap { wanted in
            guard let kind = WatchedKind(wanted.kind),
                let live = connection.cache(kind, wanted.namespace)?.object(named: wanted.name), !live.isTerminating
            else { return nil }
            return native(live, wanted.kind, isShared: true)
        }
    }

    /// An object as the planner compares it: what the server made of our words counts as what we said.
    private func native(_ object: CachedObject, _ kind: String, isShared: Bool = false) -> NativeObject {
        let native = object.native(kind, isShared: isShared)
        guard let wanted = acceptances.wanted(object) else { return native }
        return NativeObject(
            reference: native.reference,
            process: native.process,
            fields: wanted,
            isShared: isShared,
            owners: native.owners
        )
    }
}
