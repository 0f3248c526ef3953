// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
package import ForgeModel
import ForgeOCI
import ForgeRegistry

extension RegistryImages {
    /// The kind of the artifact that holds a source tree (image-spec, manifest.md §artifactType).
    static let sourceArtifact = "application/vnd.forge.source.v1"

    /// Stores a source tree as an artifact with one layer, the tree's tar, under a tag that is its digest.
    ///
    /// The tag is written last: until every byte is there and has the digest, there is no such source.
    package func store(
        source: Digest,
        of app: AppName,
        size: Int?,
        bytes: any AsyncSequence<[UInt8], any Error> & Sendable
    ) async throws {
        try await mappingErrors {
            let repository = "sources/\(app)"
            if try await registry.headManifest(repository, source.hex) != nil { return }
            let verified = VerifiedStream(base: bytes, expected: source, app: app)
            let stored = try await registry.uploadBlob(repository, verified)
            if let size, Int64(size) != stored.size {
                throw ImagesError(.invalid, "the source of \(app) has \(stored.size) bytes, not the \(size) announced")
            }
            let empty = Descriptor(mediaType: MediaType.empty, content: Array("{}".utf8))
            try await registry.uploadBlob(repository, bytes: Array("{}".utf8))
            let manifest = ImageManifest(
                config: empty,
                layers: [Descriptor(mediaType: MediaType.source, digest: stored.digest, size: stored.size)],
                artifactType: Self.sourceArtifact
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
