// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgeOCI
import Synchronization

/// Digest and length of what a `MeteredStream` has given.
final class StreamMeter: Sendable {
    private let state = Mutex((hash: Sha256(), count: Int64(0)))

    func add(_ bytes: [UInt8]) {
        state.withLock { state in
            state.hash.update(bytes)
            state.count += Int64(bytes.count)
        }
    }

    func total() -> (digest: Digest, size: Int64) {
        state.withLock { ($0.hash.digest(), $0.count) }
    }
}

/// Passes a stream on and measures it.
struct MeteredStream: AsyncSequence, Sendable {
    typealias Element = [UInt8]
    typealias Failure = any Error

    let base: any AsyncSequence<[UInt8], any Error> & Sendable
    let meter: StreamMeter

    func makeAsyncIterator() -> Iterator {
        Iterator(base: base.makeAsyncIterator(), meter: meter)
    }

    /// Measures each piece before it is passed on.
    struct Iterator: AsyncIteratorProtocol {
        var base: any AsyncIteratorProtocol<[UInt8], any Error>
        let meter: StreamMeter

        mutating func next(isolation actor: isolated (any Actor)?) async throws(any Error) -> [UInt8]? {
            guard let bytes = try await base.next(isolation: actor) else { return nil }
            meter.add(bytes)
            return bytes
        }
    }
}
