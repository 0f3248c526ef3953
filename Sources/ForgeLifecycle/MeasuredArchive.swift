// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgeOCI

/// The files of a layer with the digest and the length of the archive that they make.
struct MeasuredArchive: Sendable {
    let entries: [TarEntry]
    /// The layer's diffID.
    let digest: Digest
    /// In bytes.
    let size: Int64

    /// Reads every file once.
    init(_ entries: [TarEntry]) async throws {
        self.entries = entries
        (digest, size) = try await AsyncBytes { TarStream(entries) }.digest()
    }
}
