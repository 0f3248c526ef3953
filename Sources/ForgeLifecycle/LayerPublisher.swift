// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgeOCI
import ForgeRegistry

/// Brings layers into the app's repository, moving only bytes that the registry does not have.
///
/// Archives are never written to disk: they are read once for their digest and, only when the registry lacks them,
/// once more for the upload.
struct LayerPublisher: Sendable {
    /// A layer that is in the registry.
    struct Published: Sendable {
        var diffID: Digest
        var descriptor: Descriptor
        /// Whether its bytes had to be moved.
        var isNew: Bool
        /// What it was made of, where it is of this build.
        var archive: MeasuredArchive?
    }

    let client: RegistryClient
    let access: RegistryAccess
    /// The image that the layers are for.
    let target: ImageName
    let compresses: Bool
    /// Layers that need no work when they are the same, those of the previous image before all.
    let stored: [StoredLayers]

    /// Publishes one layer of this build.
    func publish(_ layer: ExportLayer) async throws -> Published {
        switch layer.content {
        case .previous(let diffID):
            guard let previous = stored.first, let descriptor = previous.layers[diffID] else {
                throw PhaseError(
                    PhaseError.Code.export,
                    "layer \(diffID.short) is to be kept, but the previous image does not have it"
                )
            }
            let isNew = try await copy(descriptor, from: previous.image, to: target.repository)
            return Published(diffID: diffID, descriptor: Self.oci(descriptor), isNew: isNew)
        case .entries(let entries): return try await publish(MeasuredArchive(entries))
        }
    }

    /// Publishes a layer of the run image.
    func publish(base descriptor: Descriptor, diffID: Digest, of image: ImageName) async throws -> Published {
        let isNew = try await copy(descriptor, from: image, to: target.repository)
        return Published(diffID: diffID, descriptor: Self.oci(descriptor), isNew: isNew)
    }

    /// Publishes an archive: what the registry has is reused, else its files are read and sent.
    func publish(_ archive: MeasuredArchive) async throws -> Published {
        let mediaType = compresses ? MediaType.layerGzip : MediaType.layer
        var result = Published(
            diffID: archive.digest,
            descriptor: Descriptor(mediaType: mediaType, digest: archive.digest, size: archive.size),
            isNew: false,
            archive: archive
        )
        for place in stored {
            guard let known = place.layers[archive.digest].map(Self.oci), known.mediaType == mediaType,
                try await isAtHand(known, of: place.image, in: target.repository)
            else { continue }
            result.descriptor = known
            return result
        }
        let entries = archive.entries
        if compresses {
            let (digest, size) = try await client.uploadBlob(
                target.repository,
                .repeatable { AsyncBytes { try GzipSource(TarStream(entries)) } }
            )
            result.descriptor = Descriptor(mediaType: mediaType, digest: digest, size: size)
            result.isNew = true
        } else if try await client.blobExists(target.repository, archive.digest) == nil {
            try await client.uploadBlob(
                target.repository,
                archive.digest,
                size: archive.size,
                .repeatable { AsyncBytes { TarStream(entries) } }
            )
            result.isNew = true
        }
        return result
    }

    /// Makes a blob of another image one of a repository of the registry. Says whether its bytes had to be moved.
    func copy(_ descriptor: Descriptor, from source: ImageName, to repository: String) async throws -> Bool {
        if try await isAtHand(descriptor, of: source, in: repository) { return false }
        let origin = access.client(for: source.registry)
        try await client.uploadBlob(
            repository,
            descriptor.digest,
            size: descriptor.size,
            .repeatable { try await origin.blob(source.repository, descriptor.digest, limit: descriptor.size) }
        )
        return true
    }

    /// Whether a repository has a blob, or gets it from an image of the same registry without its bytes being moved.
    private func isAtHand(_ blob: Descriptor, of image: ImageName, in repository: String) async throws -> Bool {
        if try await client.blobExists(repository, blob.digest) != nil { return true }
        guard image.registry == target.registry, image.repository != repository else { return false }
        return try await client.mountBlob(repository, blob.digest, from: image.repository)
    }

    private static func oci(_ descriptor: Descriptor) -> Descriptor {
        Descriptor(mediaType: MediaType.oci(descriptor.mediaType), digest: descriptor.digest, size: descriptor.size)
    }
}
