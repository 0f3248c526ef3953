// SPDX-License-Identifier: Apache-2.0

package import ForgeHTTP

/// A client of one OCI registry (distribution-spec v1.1). Copies share the connections and the tokens.
///
/// Every operation throws `RegistryError`, and the error of the caller's own stream where it takes one.
package struct RegistryClient: Sendable {
    /// Pauses between the attempts of a request that may be repeated; so there are four attempts.
    static let retryPauses: [Duration] = [.milliseconds(200), .seconds(1), .seconds(2)]

    package let endpoint: RegistryEndpoint
    private let transport: HTTPTransport
    private let authorization: RegistryAuthorization

    /// - Parameter credentials: used when the registry asks for them.
    package init(endpoint: RegistryEndpoint, credentials: RegistryCredentials?, transport: HTTPTransport) {
        self.endpoint = endpoint
        self.transport = transport
        authorization = RegistryAuthorization(endpoint: endpoint, credentials: credentials, transport: transport)
    }

    // MARK: Sending

    /// Sends `call`, answers a challenge, and repeats it on a passing failure if it may be repeated.
    /// - Returns: the response, whatever its status.
    func send(_ call: RegistryCall) async throws -> HTTPResponse {
        for pause in call.isRepeatable ? Self.retryPauses : [] {
            if let response = try await attempt(call) { return response }
            try await wait(pause, call)
        }
        return try await performAuthorized(call)
    }

    /// Waits before another attempt.
    func wait(_ pause: Duration, _ call: RegistryCall) async throws {
        do {
            try await Task.sleep(for: pause)
        } catch {
            throw RegistryError(.cancelled, "\(call.subject): the request was cancelled")
        }
    }

    /// - Returns: `nil` when another attempt may go better.
    private func attempt(_ call: RegistryCall) async throws -> HTTPResponse? {
        do {
            let response = try await performAuthorized(call)
            guard response.status == 429 || (500...599).contains(response.status) else { return response }
            await discard(response)
            return nil
        } catch let error as RegistryError where error.isPassing {
            return nil
        }
    }

    private func performAuthorized(_ call: RegistryCall) async throws -> HTTPResponse {
        // Another origin's URL carries its own signature, and gets nothing of ours.
        guard endpoint.owns(call.url) else { return try await perform(call, nil) }
        let response = try await perform(call, authorization.header(for: call.scopes))
        guard response.status == 401, call.canBeSentAgain,
            let header = try await authorization.header(answering: response.headers, for: call.scopes)
        else { return response }
        await discard(response)
        return try await perform(call, header)
    }

    private func perform(_ call: RegistryCall, _ authorization: String?) async throws -> HTTPResponse {
        var request = HTTPRequest(method: call.method, url: call.url, headers: call.headers, body: call.body)
        request.timeouts.idle = call.patience
        request.followRedirects = true
        request.headers["Authorization"] = authorization
        do {
            return try await transport.perform(request)
        } catch let error as HTTPError {
            throw RegistryError(error, subject: call.subject)
        }
    }

    /// Reads the rest of a small body, so that the connection can be used again.
    func discard(_ response: HTTPResponse) async {
        _ = try? await response.body.collect(limit: 64 << 10)
    }

    /// What an unexpected response means.
    func failure(_ response: HTTPResponse, _ call: RegistryCall) async -> RegistryError {
        await RegistryError.from(response, subject: call.subject, hasCredentials: authorization.hasCredentials)
    }

    /// The whole body, with the client's errors.
    func collect(_ response: HTTPResponse, limit: Int, _ call: RegistryCall) async throws -> [UInt8] {
        do {
            return try await response.body.collect(limit: limit)
        } catch let error as HTTPError {
            throw RegistryError(error, subject: call.subject)
        }
    }
}
