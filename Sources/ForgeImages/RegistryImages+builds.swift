// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
package import ForgeModel
import ForgeOCI
import ForgeRegistry
import FoundationEssentials

extension RegistryImages {
    /// What a build says of itself (Platform API, `io.buildpacks.build.metadata`), as far as it matters here.
    private struct BuildMetadata: Decodable {
        struct Process: Decodable {
            let type: String
        }

        let processes: [Process]?
    }

    private static let buildMetadataLabel = "io.buildpacks.build.metadata"

    /// What is staged and published under a build key, and whether the source tree is stored. Asks, and writes nothing.
    package func facts(_ app: AppName, key: BuildKey, source: Digest) async throws -> ImageFacts {
        try await mappingErrors {
            var facts = ImageFacts()
            if let staged = try await config("builds/\(app)", key.tag) {
                facts.built = .init(digest: staged.digest, processes: Self.processes(of: staged.config))
                facts.published = try await registry.headManifest("apps/\(app)", staged.digest.text) != nil
            }
            facts.source = try await registry.headManifest("sources/\(app)", source.hex)
            return facts
        }
    }

    /// Process types that no app could be given are left out: nothing could run them.
    static func processes(of config: ImageConfig) -> [ProcessType] {
        guard let label = config.labels[buildMetadataLabel],
            let metadata = try? JSONDecoder().decode(BuildMetadata.self, from: Data(label.utf8))
        else { return [] }
        return Set((metadata.processes ?? []).compactMap { try? ProcessType($0.type) }).sorted()
    }

    /// Gives the staged image the release's tag in the app's repository: the same manifest bytes over the same blobs,
    /// which are mounted, not copied. Doing it again changes nothing.
    package func publish(_ app: AppName, key: BuildKey, as release: ReleaseNumber) async throws -> Digest {
        try await mappingErrors {
            let staging = "builds/\(app)"
            let repository = "apps/\(app)"
            guard let staged = try await registry.manifest(staging, key.tag) else {
                throw ImagesError(
                    .missing,
                    "\(registry.endpoint.host)/\(staging):\(key.tag): the build left no image there"
                )
            }
            if try await registry.headManifest(repository, release.description) == staged.digest {
                return staged.digest
            }
            let manifest = try ImageManifest(decoding: staged.bytes)
            for blob in Set([manifest.config] + manifest.layers) {
                try await copy(blob, from: staging, to: repository)
            }
            try await registry.putManifest(
                repository,
                release.description,
                mediaType: staged.mediaType,
                bytes: staged.bytes
            )
            let published = try await registry.headManifest(repository, release.description)
            guard published == staged.digest else {
                throw ImagesError(
                    .invalid,
                    "\(registry.endpoint.host)/\(repository):\(release) is \(published?.short ?? "not there"), "
                        + "not \(staged.digest.short); look at the registry's log"
                )
            }
            return staged.digest
        }
    }

    private func copy(_ blob: Descriptor, from source: String, to repository: String) async throws {
        if try await registry.mountBlob(repository, blob.digest, from: source) { return }
        let content = BlobContent.repeatable { [registry] in try await registry.blob(source, blob.digest) }
        try await registry.uploadBlob(repository, blob.digest, size: blob.size, content)
    }

    /// Removes every tagged manifest of a destroyed app, its build cache's too, and with it the tags; the registry frees the blobs' disk space
    /// when it collects its garbage.
    package func forget(_ app: AppName) async throws {
        try await mappingErrors {
            for repository in ["apps/\(app)", "builds/\(app)", "caches/\(app)", "sources/\(app)"] {
                for tag in try await registry.tags(repository) {
                    // Several tags may point to one manifest, which is gone with the first of them.
                    guard let digest = try await registry.headManifest(repository, tag) else { continue }
                    try await registry.deleteManifest(repository, digest)
                }
            }
        }
    }
}
