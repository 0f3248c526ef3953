// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeHTTP
import FoundationEssentials

/// Calls podman's REST API (`/v4.0.0/libpod`, podman 4.3) on its Unix socket.
struct PodmanClient: Sendable {
    /// A response with its body.
    struct Answer {
        /// The HTTP status.
        let status: Int
        /// The body.
        let body: [UInt8]
        /// What was asked, for messages: `POST /containers/create`.
        let request: String

        /// podman's own words for a failure.
        private var refusal: Refusal? { try? JSONDecoder().decode(Refusal.self, from: Data(body)) }
        /// The innermost cause of a failure: `that name is already in use`. Its texts are part of podman's `define`
        /// package and are what tells failures with the status 500 apart.
        var cause: String { refusal?.cause ?? "" }
        /// The whole sentence.
        var message: String { refusal?.message ?? "status \(status)" }

        /// Whether the container is not there, or went while podman answered: then the status is 500.
        var isAboutNothing: Bool { status == 404 || (status == 500 && cause == "no such container") }

        /// The answer as an error.
        var error: ClusterError {
            ClusterError(status == 409 ? .conflict : .refused, "podman refused \(request): \(message)")
        }

        /// Decodes the body.
        func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value {
            do {
                return try JSONDecoder().decode(type, from: Data(body))
            } catch {
                throw ClusterError(.unreachable, "podman's answer to \(request) cannot be read: \(error)")
            }
        }
    }

    private struct Refusal: Decodable {
        let cause: String
        let message: String
    }

    private static let base = "http://podman/v4.0.0/libpod"
    /// A list of every container with its labels stays far below this.
    private static let bodyLimit = 64 << 20

    private let transport: HTTPTransport
    private let socket: String

    init(socket: String, transport: HTTPTransport) {
        self.socket = socket
        self.transport = transport
    }

    /// Sends a request and reads the whole answer.
    /// - Parameters:
    ///   - accepting: statuses from 400 on that the caller looks at itself.
    ///   - idle: how long podman may be silent: it says nothing while it stops a container or pulls an image.
    /// - Throws: `ClusterError`; `.unreachable` when there is no complete answer.
    func send(
        _ method: String,
        _ path: String,
        query: [(String, String)] = [],
        headers: HTTPHeaders = [:],
        body: HTTPRequest.Body = .none,
        accepting: Set<Int> = [],
        idle: Duration = .seconds(60)
    ) async throws -> Answer {
        let answer = try await reaching {
            let response = try await transport.perform(
                request(method, path, query: query, headers: headers, body: body, idle: idle)
            )
            let bytes = try await response.body.collect(limit: Self.bodyLimit)
            return Answer(status: response.status, body: bytes, request: "\(method) \(path)")
        }
        guard answer.status < 400 || accepting.contains(answer.status) else { throw answer.error }
        return answer
    }

    /// Sends a request with a JSON body.
    func post(_ path: String, json: some Encodable, accepting: Set<Int>) async throws -> Answer {
        let bytes = Array(try JSONEncoder().encode(json))
        return try await send(
            "POST",
            path,
            headers: ["Content-Type": "application/json"],
            body: .bytes(bytes),
            accepting: accepting
        )
    }

    /// The lines of a response that does not end by itself.
    func lines(_ path: String, query: [(String, String)]) async throws -> HTTPLines {
        let response = try await reaching {
            try await transport.perform(request("GET", path, query: query, idle: nil))
        }
        guard response.status == 200 else {
            throw ClusterError(.refused, "podman refused GET \(path): status \(response.status)")
        }
        return response.body.lines(limit: 8 << 20)
    }

    /// The query of a list: all objects with these labels.
    static func filter(_ labels: [(String, String)]) throws -> (String, String) {
        let filter = ["label": labels.map { "\($0)=\($1)" }]
        return ("filters", String(decoding: try JSONEncoder().encode(filter), as: UTF8.self))
    }

    private func request(
        _ method: String,
        _ path: String,
        query: [(String, String)],
        headers: HTTPHeaders = [:],
        body: HTTPRequest.Body = .none,
        idle: Duration?
    ) -> HTTPRequest {
        let text = query.map { "\($0)=\($1.percentEncoded)" }.joined(separator: "&")
        return HTTPRequest(
            method: method,
            url: Self.base + path + (text.isEmpty ? "" : "?\(text)"),
            headers: headers,
            body: body,
            unixSocket: socket,
            timeouts: HTTPRequest.Timeouts(connect: .seconds(10), idle: idle)
        )
    }

    private func reaching<Value>(_ call: () async throws -> Value) async throws -> Value {
        do {
            return try await call()
        } catch let error as HTTPError {
            if error.code == .cancelled { throw CancellationError() }
            throw ClusterError(.unreachable, "podman does not answer: \(error). Is its service running?")
        }
    }
}
