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
    }

    let client: RegistryClient
    let access: RegistryAccess
    /// The app's image.
    let target: ImageName
    let compresses: Bool
    /// The previous image, whose layers need no work when they are the same.
    let previous: RemoteImage?

    /// Publishes one layer of this build.
    func publish(_ layer: ExportLayer) async throws -> Published {
        switch layer.content {
        case .previous(let diffID):
            guard let previous, let descriptor = previous.layers[diffID] else {
                throw PhaseError(
                    PhaseError.Code.export,
                    "layer \(diffID.short) is to be kept, but the previous image does not have it"
                )
            }
            let isNew = try await copy(descriptor, from: previous.name, to: target.repository)
            return Published(diffID: diffID, descriptor: Self.oci(descriptor), isNew: isNew)
        case .entries(let entries): return try await publish(entries)
        }
    }

    /// Publishes a layer of the run image.
    func publish(base descriptor: Descriptor, diffID: Digest, of image: ImageName) async throws -> Published {
        let isNew = try await copy(descriptor, from: image, to: target.repository)
        return Published(diffID: diffID, descriptor: Self.oci(descriptor), isNew: isNew)
    }

    private func publish(_ entries: [TarEntry]) async throws -> Published {
        let stream = AsyncBytes { TarStream(entries) }
        let (diffID, size) = try await stream.digest()
        let mediaType = compresses ? MediaType.layerGzip : MediaType.layer
        if let previous, let known = previous.layers[diffID], Self.oci(known).mediaType == mediaType {
            let isNew = try await copy(known, from: previous.name, to: target.repository)
            return Published(diffID: diffID, descriptor: Self.oci(known), isNew: isNew)
        }
        if compresses {
            let (digest, size) = try await client.uploadBlob(
                target.repository,
                AsyncBytes { try GzipSource(TarStream(entries)) }
            )
            return Published(
                diffID: diffID,
                descriptor: Descriptor(mediaType: mediaType, digest: digest, size: size),
                isNew: true
            )
        }
        let isNew = try await client.blobExists(target.repository, diffID) == nil
        if isNew { try await client.uploadBlob(target.repository, diffID, size: size, stream) }
        return Published(
            diffID: diffID,
            descriptor: Descriptor(mediaType: mediaType, digest: diffID, size: size),
            isNew: isNew
        )
    }

    /// Makes a blob of another image one of a repository of the registry. Says whether its bytes had to be moved.
    func copy(_ descriptor: Descriptor, from source: ImageName, to repository: String) async throws -> Bool {
        if try await client.blobExists(repository, descriptor.digest) != nil { return false }
        if source.registry == target.registry,
            try await client.mountBlob(repository, descriptor.digest, from: source.repository)
        {
            return false
        }
        let blob = try await access.client(for: source.registry).blob(
            source.repository,
            descriptor.digest,
            limit: descriptor.size
        )
        try await client.uploadBlob(repository, descriptor.digest, size: descriptor.size, blob)
        return true
    }

    private static func oci(_ descriptor: Descriptor) -> Descriptor {
        Descriptor(mediaType: MediaType.oci(descriptor.mediaType), digest: descriptor.digest, size: descriptor.size)
    }
}
