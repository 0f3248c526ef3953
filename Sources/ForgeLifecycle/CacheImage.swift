// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgeOCI
import ForgeRegistry

/// Cached layers as an image that is never run: the metadata in a label, one layer for each cached one, as other
/// lifecycles write and read it too.
///
/// The name is resolved once, so a build that runs at the same time and writes another image under it does no harm. The
/// image before is not deleted (platform API 0.13): it is left without a tag, for the registry to collect.
struct CacheImage: LayerCache {
    static let label = "io.buildpacks.lifecycle.cache.metadata"

    private let name: ImageName
    private let access: RegistryAccess
    private let compresses: Bool
    /// The image as it was found; `nil` when there was none.
    private let found: RemoteImage?
    private let published: StoredLayers?

    /// Looks the image up. One that cannot be used counts as none, so that the next export replaces it.
    ///
    /// - Parameter published: layers that this build has put into a registry, and that need not be sent once more.
    init(
        _ name: ImageName,
        _ access: RegistryAccess,
        _ settings: PhaseSettings,
        log: PhaseLog,
        published: StoredLayers? = nil
    ) async throws {
        self.name = name
        self.access = access
        self.published = published
        compresses = try settings.compressesLayers(for: name.registry)
        do {
            found = try await RemoteImage.fetch(name, access)
        } catch let error where Self.isDamage(error) {
            log.warn("the cache image \(name) cannot be used: \(error)")
            found = nil
        }
    }

    /// Whether the registry is well and what it has is not.
    private static func isDamage(_ error: any Error) -> Bool {
        if error is MalformedDocument { return true }
        guard let error = error as? RegistryError else { return false }
        return [.notFound, .digestMismatch, .tooLarge].contains(error.code)
    }

    func metadata() throws -> ImageMetadata {
        guard let label = found?.config.labels[Self.label] else { return ImageMetadata() }
        let value = try CanonicalJSON.decode(JSONValue.self, from: Array(label.utf8), kind: "cache metadata")
        return ImageMetadata(value, names: .json)
    }

    func restore(_ digest: Digest, to place: String, below layers: String) async throws {
        guard let found, let descriptor = found.layers[digest] else {
            throw PhaseError(PhaseError.Code.restore, "the cache image has no layer \(digest.short)")
        }
        let blob = try await access.client(for: found.name.registry).blob(
            found.name.repository,
            descriptor.digest,
            limit: descriptor.size
        )
        var unpacker = try CachedLayerUnpacker(digest, to: place, below: layers)
        switch MediaType.oci(descriptor.mediaType) {
        case MediaType.layer:
            for try await chunk in blob { try unpacker.write(chunk) }
        case MediaType.layerGzip:
            let gunzip = try GunzipStream()
            for try await chunk in blob { try gunzip.write(chunk) { try unpacker.write($0) } }
            try gunzip.finish()
        case let other:
            throw PhaseError(PhaseError.Code.restore, "the cached layer \(digest.short) is of type \(other)")
        }
        try unpacker.finish()
    }

    func replace(_ metadata: ImageMetadata, _ archives: [MeasuredArchive]) async throws {
        if archives.isEmpty, found == nil { return }
        let client = access.client(for: name.registry)
        let publisher = LayerPublisher(
            client: client,
            access: access,
            target: name,
            compresses: compresses,
            stored: [found?.stored, published].compactMap(\.self)
        )
        var config = ImageConfig(platform: .current)
        config.created = ExportedConfig.date(LayerArchive.modified)
        var layers: [Descriptor] = []
        // Some registries refuse an image without layers.
        for archive in archives.isEmpty ? [try await MeasuredArchive([])] : archives {
            let layer = try await publisher.publish(archive)
            layers.append(layer.descriptor)
            config.append(layer: layer.diffID, history: .init(created: config.created, createdBy: "Cached layer"))
        }
        config.labels = [
            Self.label: String(decoding: try CanonicalJSON.encode(metadata.value(.json)), as: UTF8.self)
        ]
        let bytes = try config.encoded()
        let manifest = ImageManifest(config: Descriptor(mediaType: MediaType.config, content: bytes), layers: layers)
        let document = try manifest.encoded()
        if found?.name.digest == Sha256.digest(of: document) { return }
        try await client.uploadBlob(name.repository, bytes: bytes)
        try await client.putManifest(
            name.repository,
            name.reference,
            mediaType: MediaType.manifest,
            bytes: document
        )
    }
}
