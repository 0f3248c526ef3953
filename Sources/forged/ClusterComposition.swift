// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
import ForgeImages
import ForgeKubernetes
import ForgeKubernetesClient
import ForgeKubernetesObjects
import ForgeModel
import ForgePlatform
import ForgeRedis
import ForgeRegistry
import ForgeServer
import ForgeSupervisor
import Logging
import ServiceLifecycle

/// The adapters of a platform on a cluster, put together by role. Roles in one process share nothing that roles in
/// several would not: the API writes wishes and looks, and only the reconciler works on the ready set.
struct ClusterComposition {
    let settings: PlatformSettings
    let secrets: ClusterSecrets
    /// The certificates that builds trust, as PEM; nil leaves the image's own.
    let certificates: String?
    /// Where the router's files are.
    let folder: StateFolder
    let logger: Logger
    let transport = HTTPTransport()

    init(
        settings: PlatformSettings,
        certificates: String?,
        secrets: ClusterSecrets,
        folder: StateFolder,
        logger: Logger
    ) {
        self.settings = settings
        self.certificates = certificates
        self.secrets = secrets
        self.folder = folder
        self.logger = logger
    }

    /// What runs for some roles, in the order in which it starts; it ends in the reverse one.
    func services(_ roles: Set<Role>) async throws -> [any Service] {
        let client = KubernetesClient(
            access: try KubernetesAccess.load(environment: StateOption.environment),
            transport: transport
        )
        let clusterSettings = try clusterSettings
        var services: [any Service] = [Heartbeat(file: folder.heartbeat)]
        if roles.contains(.router) { services += try routerServices(client, clusterSettings) }
        guard !roles.isDisjoint(with: [.api, .reconciler]) else { return services }
        let cluster = KubernetesCluster(settings: clusterSettings, client: client, logger: logger)
        let parts = EngineParts(
            store: store,
            cluster: cluster,
            images: try images,
            router: KubernetesRouter(cluster: cluster),
            routerPort: settings.routerPort
        )
        services.append(cluster)
        if roles.contains(.reconciler) { services.append(parts.reconciler(logger)) }
        if roles.contains(.api) {
            services.append(FirstToken(store: parts.store, secret: secrets[.adminToken], logger: logger))
            services.append(parts.api(apiSettings, logger))
        }
        return services
    }

    // MARK: Settings

    /// Pods are called by the cluster's probes and through its Services, so the API listens on every address.
    private var apiSettings: APISettings {
        APISettings(
            address: "0.0.0.0",
            port: PlatformInstallation.Ports.api,
            hosts: Set(settings.apiHosts.map { $0.lowercased() })
        )
    }

    private var naming: KubernetesNaming {
        get throws {
            var naming = try KubernetesNaming(instance: settings.instance)
            naming.appsNamespace = settings.namespaces.apps
            naming.buildsNamespace = settings.namespaces.builds
            naming.systemNamespace = settings.namespaces.system
            naming.ingressClass = settings.ingressClass
            return naming
        }
    }

    private var clusterSettings: KubernetesSettings {
        get throws {
            var cluster = KubernetesSettings(try naming)
            cluster.builds = settings.builds
            cluster.provisions.registryAuth = secrets[.registryAuth]
            cluster.provisions.certificates = certificates
            cluster.provisions.egressEnvironment = settings.buildEnvironment
            return cluster
        }
    }

    // MARK: Adapters

    private var store: RedisStateStore {
        RedisStateStore(
            RedisSettings(
                .tcp(host: settings.redis.host, port: settings.redis.port),
                password: secrets[.redisPassword]
            )
        )
    }

    private var images: RegistryImages {
        get throws {
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
}
