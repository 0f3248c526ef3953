// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgeOCI

/// Unpacks the archive of a cached layer as its bytes come, and checks its digest in the same pass.
struct CachedLayerUnpacker {
    private let digest: Digest
    private let extractor: TarExtractor
    private var hash = Sha256()

    /// Unpacks below the layers directory, and there only to the layer's own place.
    init(_ digest: Digest, to place: String, below layers: String) throws {
        self.digest = digest
        extractor = try TarExtractor(into: layers, options: .init(names: .absoluteBelow(layers, only: place)))
    }

    mutating func write(_ chunk: [UInt8]) throws {
        hash.update(chunk)
        try extractor.write(chunk)
    }

    /// Throws ``PhaseError`` when these were not the bytes of the layer: then nothing of it may be used.
    func finish() throws {
        try extractor.finish()
        guard hash.digest() == digest else {
            throw PhaseError(PhaseError.Code.restore, "the cached layer \(digest.short) was changed")
        }
    }
}
