// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import ForgeHTTP
import ForgeServer
import ForgeServerTesting
import FoundationEssentials

/// Sends requests as a program without `ForgeClient` would.
struct Caller: Sendable {
    let port: Int
    var token: String?
    private let transport = HTTPTransport()

    init(_ port: Int, token: String?) {
        self.port = port
        self.token = token
    }

    struct Answer {
        let status: Int
        let headers: HTTPHeaders
        let body: Data

        func problem() throws -> ProblemDocument { try WireFormat.decode(ProblemDocument.self, from: body) }
        func document<Document: Decodable>(_ type: Document.Type) throws -> Document {
            try WireFormat.decode(type, from: body)
        }
    }

    func open(
        _ method: String,
        _ path: String,
        body: HTTPRequest.Body = .none,
        headers: HTTPHeaders = [:]
    ) async throws -> HTTPResponse {
        var headers = headers
        if let token { headers["Authorization"] = "Bearer \(token)" }
        return try await transport.perform(
            HTTPRequest(method: method, url: "http://127.0.0.1:\(port)\(path)", headers: headers, body: body)
        )
    }

    func send(
        _ method: String,
        _ path: String,
        body: HTTPRequest.Body = .none,
        headers: HTTPHeaders = [:]
    ) async throws -> Answer {
        let response = try await open(method, path, body: body, headers: headers)
        let bytes = try await response.body.collect(limit: 1 << 20)
        return Answer(status: response.status, headers: response.headers, body: Data(bytes))
    }

    func send(_ method: String, _ path: String, _ document: some Encodable) async throws -> Answer {
        try await send(method, path, body: .bytes(Array(try WireFormat.encode(document))))
    }
}
