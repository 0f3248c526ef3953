// SPDX-License-Identifier: Apache-2.0

/// What every role of `forged serve` on a cluster is told: the content of the ConfigMap that the installation makes, and
/// no secret (specs/kubernetes.md §12).
package struct PlatformSettings: Hashable, Sendable, Codable {
    /// The settings' name in their folder.
    package static let fileName = "platform.json"
    /// The name, in the same folder, of the certificates that builds trust.
    package static let certificatesName = "certificates.pem"

    /// Tells the platforms of one cluster apart.
    package var instance: String
    /// The namespaces that it works in.
    package var namespaces: Namespaces
    /// The domain below which apps get their hosts.
    package var baseDomain: String
    /// The class of the Ingresses; `forge` is the platform's own router.
    package var ingressClass: String
    /// The port in the URLs that people are shown.
    package var routerPort: Int
    /// The names by which clients may call the API, besides addresses.
    package var apiHosts: [String]
    /// How many builds run at once.
    package var builds: Int
    /// What builds get into their environment, so that they reach packages: proxies, package indexes. No secret.
    package var buildEnvironment: [String: String]
    /// Where Redis is.
    package var redis: Server
    /// Where images are.
    package var registry: Registry

    /// Three namespaces: what is in one can be removed without the others.
    package struct Namespaces: Hashable, Sendable, Codable {
        /// The platform itself.
        package var system: String
        /// The apps.
        package var apps: String
        /// The builds.
        package var builds: String

        /// Names them.
        package init(system: String, apps: String, builds: String) {
            self.system = system
            self.apps = apps
            self.builds = builds
        }
    }

    /// A server that is spoken to over TCP.
    package struct Server: Hashable, Sendable, Codable {
        /// Its name or address.
        package var host: String
        /// Its port.
        package var port: Int

        /// Names it.
        package init(host: String, port: Int) {
            self.host = host
            self.port = port
        }
    }

    /// One registry under the two addresses that it may have.
    package struct Registry: Hashable, Sendable, Codable {
        /// As the nodes' runtime reaches it.
        package var pull: String
        /// As pods reach it.
        package var push: String
        /// Whether pods speak to it without TLS.
        package var isInsecure: Bool

        /// Names it.
        package init(pull: String, push: String, isInsecure: Bool) {
            self.pull = pull
            self.push = push
            self.isInsecure = isInsecure
        }
    }

    /// Holds settings.
    package init(
        instance: String,
        namespaces: Namespaces,
        baseDomain: String,
        ingressClass: String,
        routerPort: Int,
        apiHosts: [String],
        builds: Int,
        buildEnvironment: [String: String],
        redis: Server,
        registry: Registry
    ) {
        self.instance = instance
        self.namespaces = namespaces
        self.baseDomain = baseDomain
        self.ingressClass = ingressClass
        self.routerPort = routerPort
        self.apiHosts = apiHosts
        self.builds = builds
        self.buildEnvironment = buildEnvironment
        self.redis = redis
        self.registry = registry
    }
}

/// The files below the folder of secrets that a role is started with, one Secret a folder.
package enum PlatformSecretFile: String, CaseIterable, Sendable {
    /// The password of Redis.
    case redisPassword = "redis/password"
    /// The first user's token.
    case adminToken = "admin/token"
    /// What proves to the registry who asks: the content of CNB_REGISTRY_AUTH (Platform API, §Registry Authentication).
    case registryAuth = "registry/auth.json"
}
