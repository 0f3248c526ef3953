// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
    /// A response with one JSON document.
    static func document(_ document: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        var response = Response(
            status: status,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: try WireFormat.encode(document)))
        )
        response.headers[.contentType] = WireFormat.json
        return response
    }
}

extension Request {
    /// The body as a JSON document of at most that many bytes.
    func document<Document: Decodable>(_ type: Document.Type, limit: Int) async throws -> Document {
        let body = try await body.collect(upTo: limit)
        return try WireFormat.decode(type, from: Data(body.readableBytesView))
    }
}
