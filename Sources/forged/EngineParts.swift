// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeModel
import ForgeServer
import Glibc
import Logging

/// The ports of the engine, joined: what API and reconciler have in common on every cluster.
struct EngineParts {
    let store: any StateStore
    let cluster: any Cluster
    let images: any Images
    let router: any Router
    /// The router's port in the URLs that people are shown.
    let routerPort: Int
    private let observer: Observer

    init(store: any StateStore, cluster: any Cluster, images: any Images, router: any Router, routerPort: Int) {
        self.store = store
        self.cluster = cluster
        self.images = images
        self.router = router
        self.routerPort = routerPort
        observer = Observer(cluster: cluster, images: images, router: router)
    }

    /// What works on apps until each is as it is wanted.
    func reconciler(_ logger: Logger) -> Reconciler {
        Reconciler(
            store: store,
            cluster: cluster,
            images: images,
            router: router,
            observer: observer,
            clock: WallClock(now: Self.now),
            logger: logger
        )
    }

    /// What takes wishes, and only looks at the cluster.
    func api(_ settings: APISettings, _ logger: Logger) -> APIServer {
        APIServer(
            settings: settings,
            store: store,
            images: images,
            cluster: cluster,
            plans: Proposer(store: store, observer: observer, cluster: cluster),
            status: EngineStatus(
                reader: AppStatusReader(store: store, observer: observer),
                store: store,
                routerPort: routerPort
            ),
            now: Self.now,
            logger: logger
        )
    }

    private static let now: @Sendable () -> Timestamp = {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(number: time.tv_sec * 1000 + time.tv_nsec / 1_000_000)
    }
}
