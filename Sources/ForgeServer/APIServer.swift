// SPDX-License-Identifier: Apache-2.0

package import ForgeEngine
package import ForgeModel
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle

/// The HTTP API (specs/api.md): asks the engine, writes wishes into the store, and streams what happens.
///
/// A request passes, in this order: `ProblemMiddleware` (every error becomes a problem document), `HostMiddleware`,
/// `AuthMiddleware` (all but `/healthz` and `/v1/version`), and one of the route groups.
package struct APIServer: Service {
    private let settings: APISettings
    private let parts: APIParts
    private let logger: Logger
    private let listening: @Sendable (Int) async -> Void

    /// - Parameters:
    ///   - now: the clock that accepted wishes are dated by.
    ///   - listening: called with the port once connections are taken.
    package init(
        settings: APISettings = APISettings(),
        store: any StateStore,
        images: any Images,
        cluster: any Cluster,
        plans: any PlanSource,
        status: any StatusSource,
        now: @escaping @Sendable () -> Timestamp,
        logger: Logger,
        listening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.settings = settings
        parts = APIParts(store: store, images: images, cluster: cluster, plans: plans, status: status, now: now)
        self.logger = logger
        self.listening = listening
    }

    /// Serves until graceful shutdown, which ends streams and lets other requests finish, or until it is cancelled.
    package func run() async throws {
        let listening = listening
        let application = Application(
            router: router(),
            server: .http1(configuration: connections),
            configuration: ApplicationConfiguration(address: .hostname(settings.address, port: settings.port)),
            onServerRunning: { channel in await listening(channel.localAddress?.port ?? 0) },
            logger: logger
        )
        try await application.run()
    }

    private var connections: HTTP1Channel.Configuration {
        HTTP1Channel.Configuration(
            idleTimeout: .nanoseconds(Int64(settings.idle / .nanoseconds(1))),
            httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
                maxHeaderFieldSize: 16 << 10,
                maxHeaderListSize: 32 << 10,
                maxHeaderFieldCount: 64
            )
        )
    }

    private func router() -> Hummingbird.Router<APIContext> {
        let router = Hummingbird.Router(context: APIContext.self)
        router.addMiddleware {
            ProblemMiddleware()
            HostMiddleware(hosts: settings.hosts)
        }
        InfoRoutes().add(to: router)
        let access = AuthMiddleware(store: parts.store)
        let apps = router.group("v1/apps").add(middleware: access)
        AppRoutes(parts: parts).add(to: apps)
        PlanRoutes(parts: parts, maximumDocument: settings.maximumDocument).add(to: apps)
        SourceRoutes(parts: parts, maximumSource: settings.maximumSource).add(to: apps)
        DeployRoutes(parts: parts, maximumDocument: settings.maximumDocument).add(to: apps)
        EventRoutes(parts: parts, heartbeat: settings.heartbeat).add(to: apps)
        LogRoutes(parts: parts, heartbeat: settings.heartbeat).add(to: apps)
        let fleet = FleetRoutes(parts: parts, heartbeat: settings.heartbeat)
        fleet.addApp(to: apps)
        fleet.addFleet(to: router.group("v1").add(middleware: access))
        return router
    }
}

/// What the routes work with.
struct APIParts: Sendable {
    let store: any StateStore
    let images: any Images
    let cluster: any Cluster
    let plans: any PlanSource
    let status: any StatusSource
    let now: @Sendable () -> Timestamp
}
