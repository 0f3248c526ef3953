// SPDX-License-Identifier: Apache-2.0

package import ForgeModel

/// Everything that decides what is installed on a cluster: the objects are a pure function of it.
package struct PlatformInstallation: Hashable, Sendable {
    /// The class of Ingress that the platform's own router serves.
    package static let ownIngressClass = "forge"

    /// Where data is kept that must survive a pod.
    package enum Storage: Hashable, Sendable {
        /// On volumes of this class; nil is the cluster's default one.
        case claims(storageClass: String?)
        /// In the pod: it is lost with it.
        case ephemeral
    }

    /// Which registry holds the apps' images.
    package enum Registry: Hashable, Sendable {
        /// One that is there already, under one address for nodes and pods.
        case external(host: String, isInsecure: Bool, hasCredentials: Bool)
        /// One that is installed too; nodes reach it at this port of their loopback address.
        case own(nodePort: Int)
    }

    /// Tells platforms on one cluster apart.
    package var instance = "forge"
    /// The namespaces.
    package var namespaces = PlatformSettings.Namespaces(
        system: "forge-system",
        apps: "forge-apps",
        builds: "forge-builds"
    )
    /// The platform's image, by digest.
    package var image: ImageReference
    /// The registry of the apps' images.
    package var registry: Registry
    /// The domain below which apps get their hosts.
    package var baseDomain: Host
    /// The class of the apps' Ingresses.
    package var ingressClass = ownIngressClass
    /// The router's port on every node: a node port, or below 30000 a host port.
    package var routerPort = 30_080
    /// The API's node port.
    package var apiPort = 30_777
    /// Names, besides addresses, by which the API may be called.
    package var apiHosts: [String] = []
    /// Where Redis and the registry keep their data.
    package var storage = Storage.claims(storageClass: nil)
    /// How many pods API, reconciler and router have each.
    package var replicas = 1
    /// How many builds run at once.
    package var builds = 2
    /// What builds get into their environment; no secret.
    package var buildEnvironment: [String: String] = [:]
    /// The certificates (PEM) that builds trust when they call the outside; nil leaves the image's own.
    package var certificates: String?

    /// An installation with the usual names and ports.
    package init(image: ImageReference, registry: Registry, baseDomain: Host) {
        self.image = image
        self.registry = registry
        self.baseDomain = baseDomain
    }

    /// Whether the platform's own router serves the apps.
    package var hasRouter: Bool { ingressClass == Self.ownIngressClass }

    /// A name for an object outside of namespaces, where another platform's may be.
    package func clusterName(_ role: String) -> String {
        instance == "forge" ? "forge-\(role)" : "forge-\(role)-\(instance)"
    }

    /// The content of the settings file.
    package var settings: PlatformSettings {
        PlatformSettings(
            instance: instance,
            namespaces: namespaces,
            baseDomain: baseDomain.text,
            ingressClass: ingressClass,
            routerPort: routerPort,
            apiHosts: (apiHosts + serviceNames("forge-api")).sorted(),
            builds: builds,
            buildEnvironment: buildEnvironment,
            redis: .init(host: "forge-redis", port: Ports.redis),
            registry: registryAddresses
        )
    }

    /// The registry as nodes and as pods reach it.
    package var registryAddresses: PlatformSettings.Registry {
        switch registry {
        case .external(let host, let isInsecure, _): .init(pull: host, push: host, isInsecure: isInsecure)
        case .own(let nodePort):
            .init(
                pull: "127.0.0.1:\(nodePort)",
                push: "forge-registry.\(namespaces.system):\(Ports.registry)",
                isInsecure: true
            )
        }
    }

    /// Whether the registry asks who one is.
    package var hasRegistryCredentials: Bool {
        switch registry {
        case .external(_, _, let hasCredentials): hasCredentials
        case .own: true
        }
    }

    private func serviceNames(_ name: String) -> [String] {
        [name, "\(name).\(namespaces.system)", "\(name).\(namespaces.system).svc"]
    }

    /// Where containers listen.
    package enum Ports {
        /// The API.
        package static let api = 7777
        /// Redis.
        package static let redis = 6379
        /// The registry.
        package static let registry = 5000
        /// The router.
        package static let router = 8080
    }
}
