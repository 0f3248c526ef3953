// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
package import ForgeModel
import ForgeOCI

/// A blob that is being read. Its iterator throws `RegistryError` with `.digestMismatch` after the last byte if the
/// bytes are not those that the digest names: use nothing of it before it has ended well.
package struct RegistryBlob: AsyncSequence, Sendable {
    package typealias Element = [UInt8]
    package typealias Failure = any Error

    package let digest: Digest
    /// In bytes, if the registry says.
    package let size: Int64?
    let body: HTTPBody
    let limit: Int64?
    let subject: String

    /// A blob can be read once.
    package func makeAsyncIterator() -> Iterator {
        Iterator(blob: self)
    }

    /// Hashes what passes through.
    package struct Iterator: AsyncIteratorProtocol {
        private let blob: RegistryBlob
        private var pieces: HTTPBody.Iterator
        private var hash = Sha256()
        private var count: Int64 = 0

        init(blob: RegistryBlob) {
            self.blob = blob
            pieces = blob.body.makeAsyncIterator()
        }

        /// The next piece; `nil` after the last one, if the digest is right.
        package mutating func next(isolation actor: isolated (any Actor)?) async throws(any Error) -> [UInt8]? {
            try await next()
        }

        /// The next piece; `nil` after the last one, if the digest is right.
        package mutating func next() async throws -> [UInt8]? {
            let piece: [UInt8]?
            do {
                piece = try await pieces.next()
            } catch let error as HTTPError {
                throw RegistryError(error, subject: blob.subject)
            }
            guard let piece else {
                guard hash.digest() == blob.digest else {
                    throw RegistryError(.digestMismatch, "\(blob.subject): the registry's bytes have another digest")
                }
                return nil
            }
            hash.update(piece)
            count += Int64(piece.count)
            if let limit = blob.limit, count > limit {
                throw RegistryError(.tooLarge, "\(blob.subject): the blob has more than \(limit) bytes")
            }
            return piece
        }
    }
}
