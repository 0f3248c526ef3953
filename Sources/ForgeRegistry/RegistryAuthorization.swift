// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
import FoundationEssentials
import Synchronization

/// Answers a registry's challenges and remembers the answers: which kind it wants, and a token per set of scopes.
final class RegistryAuthorization: Sendable {
    /// A token of the token service.
    private struct Token {
        let value: String
        let expiry: ContinuousClock.Instant
    }

    /// What the registry has asked for, and the tokens at hand.
    private struct State {
        var challenge: AuthChallenge?
        var tokens: [[RegistryScope]: Token] = [:]
    }

    private let endpoint: RegistryEndpoint
    private let credentials: RegistryCredentials?
    private let transport: HTTPTransport
    private let state = Mutex(State())

    init(endpoint: RegistryEndpoint, credentials: RegistryCredentials?, transport: HTTPTransport) {
        self.endpoint = endpoint
        self.credentials = credentials
        self.transport = transport
    }

    var hasCredentials: Bool { credentials != nil }

    /// The `Authorization` value to send at once; `nil` before the registry has asked for one.
    func header(for scopes: [RegistryScope]) async throws -> String? {
        guard let challenge = state.withLock({ $0.challenge }) else { return nil }
        return try await answer(challenge, scopes)
    }

    /// The `Authorization` value that answers a 401; `nil` when there is none.
    func header(answering response: HTTPHeaders, for scopes: [RegistryScope]) async throws -> String? {
        guard let challenge = response.values("WWW-Authenticate").lazy.compactMap({ AuthChallenge($0) }).first else {
            return nil
        }
        state.withLock { state in
            state.challenge = challenge
            state.tokens[scopes] = nil
        }
        return try await answer(challenge, scopes)
    }

    private func answer(_ challenge: AuthChallenge, _ scopes: [RegistryScope]) async throws -> String? {
        switch (challenge, credentials?.kind) {
        case (_, .bearer(let token)): return "Bearer " + token
        case (.basic, .basic): return credentials?.headerValue
        case (.basic, _): return nil
        case (.bearer(let realm, let service), _):
            let now = ContinuousClock.now
            if let token = state.withLock({ $0.tokens[scopes] }), token.expiry > now { return "Bearer " + token.value }
            let token = try await requestToken(realm: realm, service: service, scopes: scopes)
            state.withLock { $0.tokens[scopes] = token }
            return "Bearer " + token.value
        }
    }

    // MARK: The token service

    /// The token service's answer (distribution's token authentication specification, "Token Response Fields").
    private struct TokenDocument: Decodable {
        var token: String?
        var accessToken: String?
        var expiresIn: Int?

        enum CodingKeys: String, CodingKey {
            case token
            case accessToken = "access_token"
            case expiresIn = "expires_in"
        }
    }

    private func requestToken(realm: String, service: String?, scopes: [RegistryScope]) async throws -> Token {
        let subject = "\(endpoint.host): token service \(URLHost(realm).name)"
        // The realm is the registry's word: it shall not make us send a password in the clear.
        guard realm.hasPrefix("https://") || (realm.hasPrefix("http://") && endpoint.scheme == .http) else {
            throw RegistryError(.protocolError, "\(subject): not an https URL")
        }
        let response: HTTPResponse
        do {
            response = try await transport.perform(tokenRequest(realm: realm, service: service, scopes: scopes))
        } catch let error as HTTPError {
            throw RegistryError(error, subject: subject)
        }
        guard response.status == 200 else {
            throw await RegistryError.from(response, subject: subject, hasCredentials: hasCredentials)
        }
        let body = try? await response.body.collect(limit: 1 << 20)
        let document = body.flatMap { try? JSONDecoder().decode(TokenDocument.self, from: Data($0)) }
        guard let document, let value = document.token ?? document.accessToken, !value.isEmpty else {
            throw RegistryError(.protocolError, "\(subject): the answer has no token")
        }
        // 60 s is the specification's default; a token is not used in its last tenth.
        let lifetime = min(max(document.expiresIn ?? 60, 1), 86_400)
        return Token(value: value, expiry: .now + .milliseconds(lifetime * 900))
    }

    private func tokenRequest(realm: String, service: String?, scopes: [RegistryScope]) -> HTTPRequest {
        var parameters = (service.map { [("service", $0)] } ?? []) + [("client_id", "forge")]
        // OAuth takes all scopes in one parameter, the older GET form one parameter for each.
        guard case .identity(let token) = credentials?.kind else {
            parameters += scopes.map { ("scope", $0.text) }
            var request = HTTPRequest(
                url: realm + (realm.contains("?") ? "&" : "?") + Self.encoded(parameters),
                timeouts: .init(total: .seconds(60))
            )
            request.headers["Authorization"] = credentials?.headerValue
            return request
        }
        parameters += [("grant_type", "refresh_token"), ("refresh_token", token)]
        parameters += [("scope", scopes.map(\.text).joined(separator: " "))]
        return HTTPRequest(
            method: "POST",
            url: realm,
            headers: ["Content-Type": "application/x-www-form-urlencoded"],
            body: .bytes(Array(Self.encoded(parameters).utf8)),
            timeouts: .init(total: .seconds(60))
        )
    }

    private static func encoded(_ parameters: [(String, String)]) -> String {
        parameters.map { "\($0.0)=\($0.1.percentEncoded)" }.joined(separator: "&")
    }
}
