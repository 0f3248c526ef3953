// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import ForgeEngine
import ForgeModel
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Lets a request pass only with a token that the store knows (RFC 6750 §2.1), and notes whose it is.
struct AuthMiddleware: RouterMiddleware {
    let store: any StateStore

    func handle(
        _ request: Request,
        context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let presented = Self.token(request.headers[.authorization])
        guard let presented else {
            throw Self.refusal("no token; send 'Authorization: Bearer <token>' (forge reads it from its configuration)")
        }
        guard let name = try await owner(of: presented) else {
            throw Self.refusal(
                "the token is not known to this platform; forge up on its machine installs the right one"
            )
        }
        var context = context
        context.caller = name
        return try await next(request, context)
    }

    /// The token in the header's value; nil if there is none.
    static func token(_ header: String?) -> String? {
        guard let header, header.utf8.count <= 512, header.prefix(7).lowercased() == "bearer " else { return nil }
        let token = header.dropFirst(7).drop { $0 == " " }
        return token.isEmpty ? nil : String(token)
    }

    /// Every hash is compared, each in full, so that the time taken tells nothing about any of them.
    private func owner(of token: String) async throws -> String? {
        let hash = Array(BearerToken(secret: token).hash().text.utf8)
        var owner: String?
        for (name, known) in try await store.tokens() {
            let difference = zip(hash, known.text.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) }
            if difference == 0 { owner = name }
        }
        return owner
    }

    private static func refusal(_ detail: String) -> Problem {
        var problem = Problem(.unauthorized, status: .unauthorized, detail)
        problem.headers[.wwwAuthenticate] = "Bearer realm=\"forge\""
        return problem
    }
}
