// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
package import ForgeModel
import ForgeOCI

/// A blob that is being read. Its iterator throws `RegistryError` with `.digestMismatch` after the last byte if the
/// bytes are not those that the digest names: use nothing of it before it has ended well.
///
/// When the connection breaks on the way, the rest is asked for where it broke, a few times in all.
package struct RegistryBlob: AsyncSequence, Sendable {
    package typealias Element = [UInt8]
    package typealias Failure = any Error

    package let digest: Digest
    /// In bytes, if the registry says.
    package let size: Int64?
    let body: HTTPBody
    let limit: Int64?
    let subject: String
    /// Asks the registry for what comes from a byte on.
    let rest: @Sendable (_ start: Int64) async throws -> HTTPBody

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
        private var resumptions = 0

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
            guard let piece = try await nextPiece() else {
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

        private mutating func nextPiece() async throws -> [UInt8]? {
            while true {
                do {
                    return try await pieces.next()
                } catch let error as HTTPError {
                    let error = RegistryError(error, subject: blob.subject)
                    guard error.isPassing, resumptions < RegistryClient.retryPauses.count else { throw error }
                    resumptions += 1
                    pieces = try await blob.rest(count).makeAsyncIterator()
                }
            }
        }
    }
}
