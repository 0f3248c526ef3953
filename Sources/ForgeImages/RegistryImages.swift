// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
package import ForgeModel
import ForgeOCI
package import ForgeRegistry

/// The platform's registry as the engine sees it (specs/buildpacks.md §3–4).
///
/// | repository        | tag                  | what                                        |
/// |-------------------|----------------------|---------------------------------------------|
/// | `platform/<name>` | `latest`             | the builder, run and tools images           |
/// | `sources/<app>`   | 64 hexadecimal digits | a source tree, as an artifact              |
/// | `builds/<app>`    | `build-<key>`        | what a build exported                       |
/// | `caches/<app>`    | `latest`             | layers for the next build, where they are kept so |
/// | `apps/<app>`      | `v42`                | what a release runs                         |
package struct RegistryImages: Images {
    let registry: RegistryClient
    let settings: Settings

    /// What the registry itself does not know of the platform.
    package struct Settings: Sendable, Hashable {
        /// The domain below which apps get their hosts.
        package let baseDomain: Host
        /// The router's port.
        package let routerPort: Int
        /// The registry as the cluster's runtime reaches it; nil where that is the address of the client.
        package let pullRegistry: String?
        /// Whether builds speak to it without TLS, although its address is not a private one.
        package let isInsecure: Bool
        /// Where builds find the layers of those before.
        package let buildCache: BuildCache

        /// Holds settings.
        package init(
            baseDomain: Host,
            routerPort: Int,
            pullRegistry: String? = nil,
            isInsecure: Bool = false,
            buildCache: BuildCache = .volume
        ) {
            self.baseDomain = baseDomain
            self.routerPort = routerPort
            self.pullRegistry = pullRegistry
            self.isInsecure = isInsecure
            self.buildCache = buildCache
        }
    }

    /// Works on the registry that a client speaks to.
    package init(registry: RegistryClient, settings: Settings) {
        self.registry = registry
        self.settings = settings
    }

    /// The platform's images, by the digests that their tags have now, and the user that the builder image names.
    package func platform() async throws -> ForgeModel.Platform {
        try await mappingErrors {
            let builder = try await image("builder")
            let run = try await image("run")
            let tools = try await image("tools")
            let user = try await config("platform/builder", builder.digest.text)?.config.user
            guard let user, !user.isEmpty else {
                throw ImagesError(
                    .invalid,
                    "\(builder) names no user that builds run as; forged builder create makes it anew"
                )
            }
            let target = ImagePlatform.current
            return ForgeModel.Platform(
                registry: pullRegistry,
                pushRegistry: registry.endpoint.host,
                pushesInsecurely: settings.isInsecure,
                builder: builder,
                runImage: run,
                toolsImage: tools,
                buildUser: user,
                target: "\(target.os)/\(target.architecture)",
                baseDomain: settings.baseDomain,
                routerPort: settings.routerPort,
                buildCache: settings.buildCache
            )
        }
    }

    private var pullRegistry: String { settings.pullRegistry ?? registry.endpoint.host }

    private func image(_ name: String) async throws -> ImageReference {
        let repository = "platform/\(name)"
        guard let digest = try await registry.headManifest(repository, "latest") else {
            throw ImagesError(.missing, "there is no \(name) image yet; forged builder create makes it")
        }
        return ImageReference(registry: pullRegistry, repository: repository, digest: digest)
    }

    /// An image's digest and its configuration; nil when there is no such image.
    func config(
        _ repository: String,
        _ reference: String
    ) async throws -> (digest: Digest, config: ImageConfig)? {
        guard let stored = try await registry.manifest(repository, reference) else { return nil }
        let manifest = try ImageManifest(decoding: stored.bytes)
        let bytes = try await registry.blobBytes(repository, manifest.config.digest)
        return (stored.digest, try ImageConfig(decoding: bytes))
    }

    /// Gives every error of the registry the engine's shape.
    func mappingErrors<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let error as RegistryError {
            switch error.code {
            case .cancelled: throw CancellationError()
            case .unreachable, .unavailable: throw ImagesError(.unreachable, error.message)
            case .unauthorized, .denied, .unsupported: throw ImagesError(.refused, error.message)
            case .notFound: throw ImagesError(.missing, error.message)
            case .digestMismatch, .tooLarge, .protocolError, .invalidName, .invalidConfiguration:
                throw ImagesError(.invalid, error.message)
            }
        } catch let error as MalformedDocument {
            throw ImagesError(.invalid, "\(registry.endpoint.host): \(error)")
        }
    }
}
