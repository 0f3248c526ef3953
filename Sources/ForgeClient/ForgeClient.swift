// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
package import ForgeHTTP
import FoundationEssentials

/// Calls the platform's API (specs/api.md). What it can do is in one file each: `ForgeClient+plans.swift`, …
package struct ForgeClient: Sendable {
    /// The API's address without a path: `http://127.0.0.1:7777`.
    package let endpoint: String
    private let token: String?
    private let transport: HTTPTransport

    /// - Parameter token: what the caller holds; nil asks without one.
    package init(endpoint: String, token: String?, transport: HTTPTransport) {
        self.endpoint = endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint
        self.token = token
        self.transport = transport
    }

    /// The most bytes of an answer that is one document.
    private static let maximumDocument = 16 << 20

    /// Sends a request and gives the response when its status is good; throws `ClientError` when not.
    func send(
        _ method: String,
        _ path: String,
        body: HTTPRequest.Body = .none,
        contentType: String = WireFormat.json,
        timeouts: HTTPRequest.Timeouts = HTTPRequest.Timeouts(idle: .seconds(90))
    ) async throws -> HTTPResponse {
        var headers: HTTPHeaders = ["Accept": "\(WireFormat.json), \(WireFormat.problem)", "User-Agent": Self.agent]
        headers["Authorization"] = token.map { "Bearer \($0)" }
        if case .none = body {} else { headers["Content-Type"] = contentType }
        let request = HTTPRequest(
            method: method,
            url: endpoint + path,
            headers: headers,
            body: body,
            timeouts: timeouts
        )
        let response = try await attempt { try await transport.perform(request) }
        guard (200..<300).contains(response.status) else { throw try await refusal(response) }
        return response
    }

    /// Sends a document and reads the answer's one.
    func exchange<Answer: Decodable>(
        _ method: String,
        _ path: String,
        _ document: (any Encodable)? = nil,
        as type: Answer.Type
    ) async throws -> Answer {
        let body = try document.map { HTTPRequest.Body.bytes(Array(try WireFormat.encode($0))) } ?? .none
        let response = try await send(method, path, body: body)
        let bytes = try await attempt { try await response.body.collect(limit: Self.maximumDocument) }
        do {
            return try WireFormat.decode(type, from: Data(bytes))
        } catch {
            throw ClientError.protocolError("\(endpoint) does not answer as a forge platform does; check the address")
        }
    }

    /// Runs a transfer and says its faults in the client's words.
    func attempt<Value>(_ transfer: () async throws -> Value) async throws -> Value {
        do {
            return try await transfer()
        } catch let error as HTTPError {
            throw ClientError(error, endpoint: endpoint)
        }
    }

    private func refusal(_ response: HTTPResponse) async throws -> ClientError {
        let bytes = try await attempt { try await response.body.collect(limit: Self.maximumDocument) }
        guard let problem = try? WireFormat.decode(ProblemDocument.self, from: Data(bytes)) else {
            return .protocolError(
                "\(endpoint) answered with status \(response.status) and no reason; check the address"
            )
        }
        return .refused(problem)
    }

    private static let agent = "forge/\(VersionDocument.current)"
}
