// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeKubernetesClient
import ForgeKubernetesObjects
import Logging
import ServiceLifecycle

extension KubernetesCluster: Service {
    /// Watches until the task is cancelled or the service group shuts down. What runs in the cluster goes on after that.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.watch() }
                group.addTask { await self.followers.run() }
            }
        }
        hub.finish()
        followers.finish()
    }

    private func watch() async {
        let kinds = WatchedKind.cluster
        guard let discovery = await client.discoverPatiently(kinds, logger, onFault: note(fault:)) else { return }
        let connection = Connection(discovery, kinds: kinds, naming: settings.naming) { [weak self] apps in
            self?.changed(apps)
        }
        connect(connection)
        await withDiscardingTaskGroup { group in
            for reflector in connection.reflectors(client, settings.naming) {
                group.addTask { await reflector.run() }
            }
        }
    }
}
