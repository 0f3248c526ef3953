// SPDX-License-Identifier: Apache-2.0

package import ForgeEngine
package import ForgeKubernetesClient
import ForgeKubernetesObjects
package import Logging
import ServiceLifecycle

/// Feeds the platform's own router from the cluster (specs/kubernetes.md §8): Ingresses of its class, and where the
/// services behind them answer.
///
/// The table is made anew from all that is known at every change, and handed over when it differs. While the cluster
/// cannot be seen, the router keeps the one that it has.
package struct KubernetesRouterFeed: Service {
    /// How long to wait before a router that refused a table is offered one again.
    private static let pause = Duration.seconds(1)
    private static let kinds: [WatchedKind] = [.ingress, .endpointSlice]

    private let settings: KubernetesSettings
    private let client: KubernetesClient
    private let sink: any RoutingSink
    private let logger: Logger

    /// - Parameter sink: the router.
    package init(settings: KubernetesSettings, client: KubernetesClient, sink: any RoutingSink, logger: Logger) {
        self.settings = settings
        self.client = client
        self.sink = sink
        self.logger = logger
    }

    /// Feeds until the task is cancelled or the service group shuts down.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            guard let discovery = await client.discoverPatiently(Self.kinds, logger) else { return }
            // One waiting tick stands for any number of changes.
            let (ticks, tick) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
            let connection = Connection(discovery, kinds: Self.kinds, naming: settings.naming) { _ in tick.yield() }
            await withDiscardingTaskGroup { group in
                for reflector in connection.reflectors(client, settings.naming) {
                    group.addTask { await reflector.run() }
                }
                group.addTask { await feed(connection, ticks) }
            }
        }
    }

    private func feed(_ connection: Connection, _ ticks: AsyncStream<Void>) async {
        var given: RoutingTable?
        var lastReason: String?
        for await _ in ticks {
            while !Task.isCancelled {
                do {
                    try connection.require(Self.kinds)
                    let table = table(connection)
                    if table != given {
                        try await sink.replace(routes: table.routes, endpoints: table.endpoints)
                        given = table
                    }
                    if lastReason != nil { logger.info("the router is fed again") }
                    lastReason = nil
                    break
                } catch {
                    if lastReason != "\(error)" {
                        logger.warning("the router keeps its table", metadata: ["reason": "\(error)"])
                    }
                    lastReason = "\(error)"
                    // The caches tell when they can be read again; a router does not.
                    if error is ClusterError { break }
                    try? await Task.sleep(for: Self.pause)
                }
            }
        }
    }

    private func table(_ connection: Connection) -> RoutingTable {
        RoutingTable(
            ingresses: connection.caches(.ingress).flatMap(\.objects),
            slices: connection.caches(.endpointSlice).flatMap(\.objects),
            ingressClass: settings.naming.ingressClass
        )
    }
}
