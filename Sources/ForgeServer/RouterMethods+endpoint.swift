// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Answers one method of one path.
typealias Handler = @Sendable (Request, APIContext) async throws -> Response

extension RouterMethods where Context == APIContext {
    /// Adds everything that one path answers to; any other method is refused with what would do (RFC 9110 §15.5.6).
    ///
    /// - Parameter deadline: how long making an answer may take; nil for uploads, which the connection's idle time bounds.
    func endpoint(
        _ path: RouterPath,
        deadline: Duration? = Deadline.ordinary,
        _ handlers: KeyValuePairs<HTTPRequest.Method, Handler>
    ) {
        for (method, handler) in handlers {
            on(path, method: method) { request, context -> Response in
                guard let deadline else { return try await handler(request, context) }
                return try await Deadline.run(deadline) { try await handler(request, context) }
            }
        }
        let allowed = handlers.map(\.key)
        let others: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete]
        for method in others where !allowed.contains(method) {
            on(path, method: method) { request, _ -> Response in throw Self.refusal(of: request, allowed: allowed) }
        }
    }

    private static func refusal(of request: Request, allowed: [HTTPRequest.Method]) -> Problem {
        let list = allowed.map(\.rawValue).joined(separator: ", ")
        var problem = Problem(
            .methodNotAllowed,
            status: .methodNotAllowed,
            "\(request.uri.path) takes \(list), not \(request.method.rawValue)"
        )
        problem.headers[.allow] = list
        return problem
    }
}
