// SPDX-License-Identifier: Apache-2.0

/// A response's bytes as they arrive, readable once. At most 256 KiB wait for the reader: a slow reader makes
/// the transfer pause, and with it the sender. Dropping the body or cancelling the reading task ends the transfer.
package struct HTTPBody: AsyncSequence, Sendable {
    package typealias Element = [UInt8]
    package typealias Failure = any Error

    private let reader: BodyReader

    init(_ reader: BodyReader) {
        self.reader = reader
    }

    /// A second iterator goes on where the first one is.
    package func makeAsyncIterator() -> Iterator {
        Iterator(reader: reader)
    }

    /// Takes what has arrived, or waits for it.
    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let reader: BodyReader

        /// The next non-empty piece; `nil` after the last one.
        /// - Throws: `HTTPError` (`.connectionLost` when the response ended early), or the error of the request's stream.
        package mutating func next(isolation actor: isolated (any Actor)?) async throws(any Error) -> [UInt8]? {
            try await reader.exchange.nextBytes()
        }

        /// The next non-empty piece; `nil` after the last one.
        package mutating func next() async throws -> [UInt8]? {
            try await reader.exchange.nextBytes()
        }
    }

    /// The whole body.
    /// - Throws: `HTTPError` with `.tooLarge` when it has more than `limit` bytes; the transfer is then ended.
    package func collect(limit: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await piece in self {
            guard bytes.count + piece.count <= limit else {
                throw reader.exchange.abandon(.tooLarge, "the response has more than \(limit) bytes")
            }
            bytes += piece
        }
        return bytes
    }

    /// The body as lines without their LF or CR LF, invalid UTF-8 replaced.
    /// Its iterator throws `HTTPError` with `.tooLarge` on a line of more than `limit` bytes, or gives it in pieces.
    package func lines(limit: Int, isSplitting: Bool = false) -> HTTPLines {
        HTTPLines(body: self, limit: limit, isSplitting: isSplitting)
    }

    /// Ends the transfer and names its request in the error.
    func abandon(_ code: HTTPError.Code, _ message: String) -> HTTPError {
        reader.exchange.abandon(code, message)
    }
}

/// Ends the transfer when the last copy of its body is gone, and keeps the transport's thread alive until then.
final class BodyReader: Sendable {
    let exchange: Exchange
    private let transport: HTTPTransport

    init(exchange: Exchange, transport: HTTPTransport) {
        self.exchange = exchange
        self.transport = transport
    }

    deinit {
        exchange.cancel("the response was dropped")
    }
}
