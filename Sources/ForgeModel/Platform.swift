// SPDX-License-Identifier: Apache-2.0

/// What the platform itself brings into plans: the images it builds with and the names it gives.
package struct Platform: Hashable, Sendable, Codable {
    /// The registry as the cluster's runtime reaches it: `127.0.0.1:5000`.
    package let registry: String
    /// The same registry as the phases of a build reach it: `registry.forge-system:5000`.
    package let pushRegistry: String
    /// Whether the phases of a build speak to it without TLS, although its address is not a private one.
    package let pushesInsecurely: Bool
    /// The builder image, by digest.
    package let builder: ImageReference
    /// The run image that apps are based on, by digest.
    package let runImage: ImageReference
    /// The platform's own image, in which `prepare` runs.
    package let toolsImage: ImageReference
    /// The user and group that builds run as: `1001:1001`.
    package let buildUser: String
    /// `linux/amd64`.
    package let target: String
    /// The domain below which every web app gets its host: `localhost`.
    package let baseDomain: Host
    /// The port on which the router answers, for the URLs that people are shown.
    package let routerPort: Int
    /// Where layers outlive a build.
    package let buildCache: BuildCache

    /// Holds the platform's facts.
    ///
    /// - Parameter pushRegistry: as the phases of a build reach the registry, where that differs.
    package init(
        registry: String,
        pushRegistry: String? = nil,
        pushesInsecurely: Bool = false,
        builder: ImageReference,
        runImage: ImageReference,
        toolsImage: ImageReference,
        buildUser: String,
        target: String,
        baseDomain: Host,
        routerPort: Int,
        buildCache: BuildCache = .volume
    ) {
        self.registry = registry
        self.pushRegistry = pushRegistry ?? registry
        self.pushesInsecurely = pushesInsecurely
        self.builder = builder
        self.runImage = runImage
        self.toolsImage = toolsImage
        self.buildUser = buildUser
        self.target = target
        self.baseDomain = baseDomain
        self.routerPort = routerPort
        self.buildCache = buildCache
    }

    /// The host of an app's web process.
    package func host(of app: AppName) throws -> Host { try Host("\(app).\(baseDomain)") }
    /// Where sources of an app are stored.
    package func sourceRepository(of app: AppName) -> String { "sources/\(app)" }
    /// Where builds of an app are staged.
    package func stagingRepository(of app: AppName) -> String { "builds/\(app)" }
    /// Where the build cache of an app is, when it is an image.
    package func cacheRepository(of app: AppName) -> String { "caches/\(app)" }
    /// Where released images of an app are.
    package func repository(of app: AppName) -> String { "apps/\(app)" }
}
