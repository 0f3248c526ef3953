// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeKubernetesClient
import ForgeKubernetesObjects
package import ForgeModel

extension KubernetesCluster {
    /// Removes an object that `observe` named, if it is the app's. With the app's ServiceAccount goes what else only the
    /// app has: what tasks left, and its caches of builds.
    package func remove(_ object: ObjectReference, of app: AppName) async throws {
        let connection = try connection()
        guard let kind = WatchedKind(object.kind), WatchedKind.ofApps.contains(kind),
            let cache = connection.cache(kind, settings.naming.appsNamespace)
        else { throw ClusterError(.invalid, "\(object) is not an app's own and is not removed with \(app)") }
        try connection.require([kind])
        if kind == .serviceAccount { try await removeRemains(of: app, in: connection) }
        guard let live = cache.object(named: object.name), !live.isTerminating else { return }
        guard live.app == app else {
            throw ClusterError(.invalid, "\(object) is not \(app)'s and is not removed with it")
        }
        try await delete(live, cache.resource, cache)
    }

    private func removeRemains(of app: AppName, in connection: Connection) async throws {
        try connection.require([.job])
        let jobs = connection.caches(.job).flatMap { $0.objects(of: app) }
        for task in Set(jobs.compactMap(\.content.task)) { try await discard(task, of: app) }
        guard settings.provisions.cacheStorageClass != nil,
            let claims = connection.discovery.resource(group: "", kind: "PersistentVolumeClaim", versions: ["v1"])
        else { return }
        let namespace = settings.naming.buildsNamespace
        let labels = "\(settings.naming.selector),\(KubernetesLabel.app)=\(app)"
        try await ClusterError.translating {
            for try await event in client.list(claims, namespace: namespace, labels: labels) {
                guard case .item(let item) = event, let claim = CachedObject(item, after: nil, at: .now) else {
                    continue
                }
                try await delete(claim, claims, nil)
            }
        }
    }
}
