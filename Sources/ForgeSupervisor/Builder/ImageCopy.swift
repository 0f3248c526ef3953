// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgeOCI
package import ForgeRegistry

/// Brings the platform's images from one registry into another: a cluster's own registry is empty at first.
package struct ImageCopy: Sendable {
    private let source: RegistryClient
    private let target: RegistryClient
    private let report: @Sendable (String) -> Void

    /// - Parameter report: takes each line about what was done.
    package init(
        from source: RegistryClient,
        to target: RegistryClient,
        report: @escaping @Sendable (String) -> Void
    ) {
        self.source = source
        self.target = target
        self.report = report
    }

    /// Copies every image that the target has not, or has another one of; bytes and digests stay the same.
    package func run() async throws {
        for image in PlatformImage.allCases where image != .forge { try await copy(image.repository) }
    }

    private func copy(_ repository: String) async throws {
        guard let stored = try await source.manifest(repository, "latest") else {
            throw SupervisorError(
                .unavailable,
                "\(source.endpoint.host) has no \(repository): forged platform images --registry puts it there"
            )
        }
        if try await target.headManifest(repository, "latest") == stored.digest {
            report("\(repository) is as in \(source.endpoint.host)")
            return
        }
        let manifest = try ImageManifest(decoding: stored.bytes)
        for blob in [manifest.config] + manifest.layers
        where try await target.blobExists(repository, blob.digest) == nil {
            let content = BlobContent.repeatable { [source] in try await source.blob(repository, blob.digest) }
            try await target.uploadBlob(repository, blob.digest, size: blob.size, content)
        }
        try await target.putManifest(repository, "latest", mediaType: stored.mediaType, bytes: stored.bytes)
        report("\(target.endpoint.host)/\(repository) is \(stored.digest.short)")
    }
}
