// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgeOCI
import ForgeRegistry

/// An image in a registry: its manifest for this platform and its configuration.
struct RemoteImage: Sendable {
    /// The image by the digest of its own manifest, also when an index was asked for.
    let name: ImageName
    let manifest: ImageManifest
    let config: ImageConfig

    /// Reads an image; `nil` when the registry has none of that name.
    static func fetch(_ name: ImageName, _ access: RegistryAccess) async throws -> RemoteImage? {
        let client = access.client(for: name.registry)
        guard var found = try await client.manifest(name.repository, name.reference) else { return nil }
        if MediaType.isIndex(found.mediaType) {
            let platform = ImagePlatform.current
            guard let entry = try ImageIndex(decoding: found.bytes).manifest(for: platform) else {
                throw MalformedDocument(
                    kind: "image \(name)",
                    reason: "it has no variant for \(platform.os)/\(platform.architecture)"
                )
            }
            guard let chosen = try await client.manifest(name.repository, entry.digest.text) else { return nil }
            found = chosen
        }
        let manifest = try ImageManifest(decoding: found.bytes)
        let config = try ImageConfig(decoding: try await client.blobBytes(name.repository, manifest.config.digest))
        guard config.diffIDs.count == manifest.layers.count else {
            throw MalformedDocument(kind: "image \(name)", reason: "its layers and its configuration do not agree")
        }
        return RemoteImage(
            name: ImageName(registry: name.registry, repository: name.repository, digest: found.digest),
            manifest: manifest,
            config: config
        )
    }

    /// The layers by the digests of their uncompressed content.
    var layers: [Digest: Descriptor] {
        Dictionary(zip(config.diffIDs, manifest.layers), uniquingKeysWith: { first, _ in first })
    }

    /// The same with the image's name.
    var stored: StoredLayers { StoredLayers(image: name, layers: layers) }

    /// What the image is for, from its configuration and its labels (platform specification, Target Data).
    var target: BuildTarget {
        let platform = config.platform
        let labels = config.labels
        return BuildTarget(
            os: platform.os,
            arch: platform.architecture,
            variant: platform.variant,
            distribution: labels["io.buildpacks.base.distro.name"],
            distributionVersion: labels["io.buildpacks.base.distro.version"]
        )
    }

    /// What an exporter said about the image; nothing when the label is missing or cannot be read.
    var metadata: ImageMetadata? {
        guard let label = config.labels["io.buildpacks.lifecycle.metadata"],
            let value = try? CanonicalJSON.decode(JSONValue.self, from: Array(label.utf8), kind: "label")
        else { return nil }
        return ImageMetadata(value, names: .json)
    }
}
