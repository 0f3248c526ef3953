// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
package import ForgeModel
import ForgeOCI
import ForgeRegistry

extension RegistryImages {
    /// Stores a source tree as an artifact with one layer, the tree's tar, under a tag that is its digest.
    ///
    /// The registry verifies the digest before it makes a blob of the bytes, and the tag is written last: until every
    /// byte is there, there is no such source.
    package func store(
        source: Digest,
        of app: AppName,
        size: Int?,
        bytes: any AsyncSequence<[UInt8], any Error> & Sendable
    ) async throws {
        try await mappingErrors {
            let repository = "sources/\(app)"
            if try await registry.headManifest(repository, source.hex) != nil { return }
            do {
                try await registry.uploadBlob(repository, source, size: size.map { Int64($0) }, .once(bytes))
            } catch let error as RegistryError where error.code == .digestMismatch {
                throw ImagesError(
                    .invalid,
                    "the source of \(app) does not have the digest \(source.short): it changed while it was sent; "
                        + "deploy again"
                )
            }
            guard let stored = try await registry.blobExists(repository, source) else {
                throw ImagesError(.invalid, "the registry has taken the source of \(app) and has it not; see its log")
            }
            let empty = Descriptor(mediaType: MediaType.empty, content: Array("{}".utf8))
            try await registry.uploadBlob(repository, bytes: Array("{}".utf8))
            let manifest = ImageManifest(
                config: empty,
                layers: [Descriptor(mediaType: MediaType.source, digest: source, size: stored)],
                artifactType: MediaType.sourceArtifact
            )
            try await registry.putManifest(
                repository,
                source.hex,
                mediaType: MediaType.manifest,
                bytes: try manifest.encoded()
            )
        }
    }
}
