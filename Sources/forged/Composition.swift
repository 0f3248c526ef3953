// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeHTTP
import ForgeImages
import ForgeModel
import ForgePodman
import ForgeRedis
import ForgeRegistry
import ForgeRouter
import ForgeServer
import ForgeSupervisor
import Glibc
import Logging
import ServiceLifecycle

/// Every adapter of one machine, put together: the only place that knows all of them.
struct Composition {
    /// What runs, in the order in which it starts; it ends in the reverse one.
    let services: [any Service]

    /// Connects nothing yet but Redis, which may get the first token.
    init(folder: StateFolder, settings: ForgeSupervisor.Settings, logger: Logger) async throws {
        let transport = HTTPTransport()
        let password = try folder.readRegistryPassword()
        let store = RedisStateStore(RedisSettings(.unix(path: folder.redisSocket)))
        let registry = Self.registry(settings, password: password, transport: transport)
        let images = RegistryImages(
            registry: registry,
            settings: .init(baseDomain: try Host(settings.baseDomain), routerPort: settings.httpPort)
        )
        let router = try NginxRouter(
            settings: Self.routerSettings(folder, settings),
            transport: transport,
            logger: logger
        )
        let podman = try PodmanSettings(
            socket: folder.podmanSocket,
            instance: folder.instance,
            credentials: .init(
                host: registry.endpoint.host,
                username: RegistryServer.user,
                password: password
            ),
            certificates: settings.caBundle,
            egressEnvironment: settings.buildEnvironment
        )
        let cluster = PodmanCluster(settings: podman, endpoints: router, logger: logger)
        let clock = WallClock(now: Self.now)
        let observer = Observer(cluster: cluster, images: images, router: router)
        if let token = try await AdminToken.ensure(in: store, kept: try folder.readAdminToken().map(BearerToken.init)) {
            try folder.write(adminToken: token.secret)
        }
        services = [
            RouterUpkeep(router: router, logger: logger),
            cluster,
            Reconciler(
                store: store,
                cluster: cluster,
                images: images,
                router: router,
                observer: observer,
                clock: clock,
                logger: logger
            ),
            APIServer(
                settings: APISettings(port: settings.apiPort),
                store: store,
                images: images,
                cluster: cluster,
                plans: Proposer(store: store, observer: observer, dialect: cluster.dialect),
                status: EngineStatus(
                    reader: AppStatusReader(store: store, observer: observer),
                    store: store,
                    routerPort: settings.httpPort
                ),
                now: clock.now,
                logger: logger
            ),
        ]
    }

    /// The client of the platform's own registry.
    static func registry(
        _ settings: ForgeSupervisor.Settings,
        password: String,
        transport: HTTPTransport
    ) -> RegistryClient {
        RegistryClient(
            endpoint: RegistryEndpoint("127.0.0.1:\(settings.registryPort)", insecure: [String]()),
            credentials: .init(username: RegistryServer.user, password: password),
            transport: transport
        )
    }

    /// The router's settings; its access log goes through the supervisor, which keeps it short.
    static func routerSettings(_ folder: StateFolder, _ settings: ForgeSupervisor.Settings) -> RouterSettings {
        var router = RouterSettings(
            stateFolder: folder.router,
            listen: ["127.0.0.1:\(settings.httpPort)"],
            baseDomain: settings.baseDomain,
            workerUser: geteuid() == 0 ? "www-data" : nil
        )
        router.accessLog = "/dev/stdout"
        return router
    }

    private static let now: @Sendable () -> Timestamp = {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(number: time.tv_sec * 1000 + time.tv_nsec / 1_000_000)
    }
}

/// Keeps nginx at the routing table, also when nginx was started anew.
struct RouterUpkeep: Service {
    let router: NginxRouter
    let logger: Logger

    func run() async throws {
        try? await cancelWhenGracefulShutdown { try await router.keepCurrent(logger: logger) }
    }
}
