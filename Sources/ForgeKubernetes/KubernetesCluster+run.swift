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
        guard let discovery = await discover() else { return }
        let connection = Connection(discovery, kinds: WatchedKind.cluster, naming: settings.naming) {
            [weak self] apps in
            self?.changed(apps)
        }
        connect(connection)
        await withDiscardingTaskGroup { group in
            for cache in connection.caches {
                let reflector = Reflector(
                    cache: cache,
                    source: client,
                    labels: settings.naming.selector,
                    isStreamed: connection.isStreamed
                )
                group.addTask { await reflector.run() }
            }
        }
    }

    /// Asks what the cluster serves until it answers; nil when the task is cancelled.
    private func discover() async -> Discovery? {
        var backoff = RelistBackoff()
        while !Task.isCancelled {
            do {
                return try await client.discover(groups: WatchedKind.groups(of: WatchedKind.cluster))
            } catch {
                if Task.isCancelled { return nil }
                if note(fault: "\(error)") {
                    logger.warning("the cluster cannot be seen", metadata: ["reason": "\(error)"])
                }
                let pause = backoff.pause(after: .zero, chance: .random(in: 0...1))
                try? await Task.sleep(for: .milliseconds(pause))
            }
        }
        return nil
    }
}
