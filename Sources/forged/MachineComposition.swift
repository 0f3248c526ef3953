// SPDX-License-Identifier: Apache-2.0

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

/// Every adapter of one machine, put together: API, reconciler and the router's feed in one process, on the parts that
/// the supervisor runs.
struct MachineComposition {
    /// What runs, in the order in which it starts; it ends in the reverse one.
    let services: [any Service]

    /// Connects nothing yet but Redis, which may get the first token.
    init(folder: StateFolder, settings: ForgeSupervisor.Settings, logger: Logger) async throws {
        let transport = HTTPTransport()
        let password = try folder.readRegistryPassword()
        let store = RedisStateStore(RedisSettings(.unix(path: folder.redisSocket)))
        let registry = Self.registry(settings, password: password, transport: transport)
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
        let parts = EngineParts(
            store: store,
            cluster: cluster,
            images: RegistryImages(
                registry: registry,
                settings: .init(baseDomain: try Host(settings.baseDomain), routerPort: settings.httpPort)
            ),
            router: router,
            routerPort: settings.httpPort
        )
        if let token = try await AdminToken.ensure(in: store, kept: try folder.readAdminToken().map(BearerToken.init)) {
            try folder.write(adminToken: token.secret)
        }
        services = [
            RouterUpkeep(router: router, logger: logger),
            cluster,
            parts.reconciler(logger),
            parts.api(APISettings(port: settings.apiPort), logger),
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
}
