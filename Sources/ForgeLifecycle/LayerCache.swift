// SPDX-License-Identifier: Apache-2.0

import ForgeModel

/// Where layers outlive a build (platform specification, restorer and exporter, `-cache-dir` and `-cache-image`).
///
/// Whatever is wrong with a cache costs time, never a build: callers warn of its errors and go on without it.
protocol LayerCache: Sendable {
    /// What is cached; nothing when there is no cache yet.
    func metadata() async throws -> ImageMetadata
    /// Unpacks a layer and checks it against its digest.
    ///
    /// - Parameters:
    ///   - place: the layer's own directory, the only one that is written to.
    ///   - layers: the layers directory, which `place` is below.
    func restore(_ digest: Digest, to place: String, below layers: String) async throws
    /// Makes the cache hold just these layers, moving only bytes that it does not have. No digest comes twice.
    func replace(_ metadata: ImageMetadata, _ archives: [MeasuredArchive]) async throws
}
