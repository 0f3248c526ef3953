// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import ForgeHTTP
import FoundationEssentials

/// A response of one JSON document a line, as they arrive.
package struct DocumentLines<Document: Decodable>: AsyncSequence {
    package typealias Element = Document
    package typealias Failure = any Error
    let lines: HTTPLines
    let endpoint: String

    /// Starts reading; the response can be read once.
    package func makeAsyncIterator() -> Iterator {
        Iterator(lines: lines.makeAsyncIterator(), endpoint: endpoint)
    }

    /// Reads one line after the other.
    package struct Iterator: AsyncIteratorProtocol {
        var lines: HTTPLines.Iterator
        let endpoint: String

        /// The next document; nil at the end. Throws `ClientError`.
        package mutating func next() async throws -> Document? {
            do {
                while let line = try await lines.next() {
                    guard !line.isEmpty else { continue }
                    return try WireFormat.decode(Document.self, from: Data(line.utf8))
                }
                return nil
            } catch let error as HTTPError {
                throw ClientError(error, endpoint: endpoint)
            } catch is DecodingError {
                throw ClientError.protocolError("\(endpoint) sent a line that this version of forge cannot read")
            }
        }
    }
}
