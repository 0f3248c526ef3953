// SPDX-License-Identifier: Apache-2.0

/// The lines of a response, one by one as they arrive: logs, server-sent events, JSON streams.
package struct HTTPLines: AsyncSequence, Sendable {
    package typealias Element = String
    package typealias Failure = any Error

    let body: HTTPBody
    let limit: Int
    let isSplitting: Bool

    /// Goes on where the body is.
    package func makeAsyncIterator() -> Iterator {
        Iterator(body: body, limit: limit, isSplitting: isSplitting)
    }

    /// Splits at LF; a last line without one counts.
    package struct Iterator: AsyncIteratorProtocol {
        private let body: HTTPBody
        private var pieces: HTTPBody.Iterator
        private let limit: Int
        private let isSplitting: Bool
        private var buffer: [UInt8] = []
        /// Where the next line starts in `buffer`.
        private var start = 0
        /// Up to here `buffer` is known to hold no LF.
        private var searched = 0
        private var isAtEnd = false

        init(body: HTTPBody, limit: Int, isSplitting: Bool) {
            self.body = body
            self.limit = limit
            self.isSplitting = isSplitting
            pieces = body.makeAsyncIterator()
        }

        /// The next line; `nil` after the last one.
        package mutating func next(isolation actor: isolated (any Actor)?) async throws(any Error) -> String? {
            try await next()
        }

        /// The next line; `nil` after the last one.
        package mutating func next() async throws -> String? {
            while true {
                if let line = try takeLine() { return line }
                guard !isAtEnd else { return nil }
                guard let piece = try await pieces.next() else {
                    isAtEnd = true
                    continue
                }
                buffer.removeFirst(start)
                searched -= start
                start = 0
                buffer += piece
            }
        }

        private mutating func takeLine() throws -> String? {
            let newline = buffer[searched...].firstIndex(of: UInt8(ascii: "\n"))
            let end = newline ?? buffer.endIndex
            guard end - start <= limit else {
                guard !isSplitting else { return takePiece() }
                throw body.abandon(.tooLarge, "a line of the response has more than \(limit) bytes")
            }
            searched = end
            guard newline != nil || (isAtEnd && end > start) else { return nil }
            var line = buffer[start..<end]
            start = newline.map { $0 + 1 } ?? end
            searched = start
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            return String(decoding: line, as: UTF8.self)
        }

        /// The longest start of the line that is within the limit and ends with a whole character.
        private mutating func takePiece() -> String {
            var end = start + limit
            while end > start + 1, buffer[end] & 0xC0 == 0x80 { end -= 1 }
            defer {
                start = end
                if searched < end { searched = end }
            }
            return String(decoding: buffer[start..<end], as: UTF8.self)
        }
    }
}
