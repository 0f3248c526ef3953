// SPDX-License-Identifier: Apache-2.0

/// The bytes of a blob that is to be uploaded, and whether they can be had again when the registry lost them on the
/// way.
package struct BlobContent: Sendable {
    /// Bytes as they come.
    package typealias Bytes = any AsyncSequence<[UInt8], any Error> & Sendable

    let isRepeatable: Bool
    /// Starts at the first byte.
    let open: @Sendable () async throws -> Bytes

    /// Bytes that pass by only once: an upload of them that breaks has failed.
    package static func once(_ bytes: Bytes) -> BlobContent {
        BlobContent(isRepeatable: false) { bytes }
    }

    /// Bytes that `open` gives anew, and the same, as often as it is called.
    package static func repeatable(_ open: @escaping @Sendable () async throws -> Bytes) -> BlobContent {
        BlobContent(isRepeatable: true, open: open)
    }
}
