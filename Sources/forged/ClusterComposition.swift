// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
import ForgeImages
import ForgeModel
import ForgePlatform
import ForgeRedis
import ForgeRegistry
import ForgeRouter
import ForgeSupervisor
import Logging
import ServiceLifecycle

/// The adapters of a platform on a cluster, put together by role. Roles in one process share nothing that roles in
/// several would not.
struct ClusterComposition {
    let settings: PlatformSettings
    let secrets: ClusterSecrets
    /// Where the router's files are, and scratch space.
    let folder: StateFolder
    let logger: Logger
    let transport = HTTPTransport()

    init(settings: PlatformSettings, secrets: ClusterSecrets, folder: StateFolder, logger: Logger) {
        self.settings = settings
        self.secrets = secrets
        self.folder = folder
        self.logger = logger
    }

    /// What runs for some roles, in the order in which it starts; it ends in the reverse one.
    func services(_ roles: Set<Role>) async throws -> [any Service] {
        var services: [any Service] = [Heartbeat(file: folder.heartbeat)]
        if roles.contains(.router) { services += try routerServices() }
        return services
    }

    private func routerServices() throws -> [any Service] {
        var router = RouterSettings(
            stateFolder: folder.router,
            listen: ["*:\(PlatformInstallation.Ports.router)"],
            baseDomain: settings.baseDomain
        )
        router.accessLog = "/dev/stdout"
        let nginx = try NginxRouter(settings: router, transport: transport, logger: logger)
        let child = Child.nginx(
            try ProgramSearch(path: nil).require("nginx", from: "nginx"),
            try NginxInstallation(settings: router),
            call: LocalCall(transport: transport),
            hasLog: false
        )
        return [
            ChildService(child: child, folder: folder, logger: logger),
            RouterUpkeep(router: nginx, logger: logger),
        ]
    }

    private var store: RedisStateStore {
        RedisStateStore(
            RedisSettings(
                .tcp(host: settings.redis.host, port: settings.redis.port),
                password: secrets[.redisPassword]
            )
        )
    }

    private func images() throws -> RegistryImages {
        let push = settings.registry.push
        let auth = secrets[.registryAuth].map { ["CNB_REGISTRY_AUTH": $0] } ?? [:]
        return RegistryImages(
            registry: RegistryClient(
                endpoint: RegistryEndpoint(push, insecure: settings.registry.isInsecure ? [push] : []),
                credentials: try Keychain(environment: auth).credentials(for: push),
                transport: transport
            ),
            settings: .init(
                baseDomain: try Host(settings.baseDomain),
                routerPort: settings.routerPort,
                pullRegistry: settings.registry.pull,
                isInsecure: settings.registry.isInsecure,
                buildCache: .image
            )
        )
    }
}
