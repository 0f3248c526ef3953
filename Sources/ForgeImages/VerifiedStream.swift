// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeModel
import ForgeOCI

/// Passes bytes on and fails at their end when they do not have the digest: the upload is then abandoned before the
/// registry has made a blob of it.
struct VerifiedStream: AsyncSequence, Sendable {
    typealias Element = [UInt8]
    typealias Failure = any Error

    let base: any AsyncSequence<[UInt8], any Error> & Sendable
    let expected: Digest
    let app: AppName

    func makeAsyncIterator() -> Iterator {
        Iterator(base: base.makeAsyncIterator(), expected: expected, app: app)
    }

    struct Iterator: AsyncIteratorProtocol {
        var base: any AsyncIteratorProtocol<[UInt8], any Error>
        let expected: Digest
        let app: AppName
        var hash = Sha256()

        mutating func next(isolation actor: isolated (any Actor)?) async throws(any Error) -> [UInt8]? {
            if let piece = try await base.next(isolation: actor) {
                hash.update(piece)
                return piece
            }
            let digest = hash.digest()
            if digest == expected { return nil }
            throw ImagesError(
                .invalid,
                "the source of \(app) has the digest \(digest.short), not \(expected.short): it changed while it was "
                    + "sent; deploy again"
            )
        }
    }
}
