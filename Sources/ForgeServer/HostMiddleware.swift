// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Refuses requests whose Host is not a name of this machine: a web page whose own name was made to point to loopback
/// (DNS rebinding) comes with its own name in it.
struct HostMiddleware: RouterMiddleware {
    private static let loopback: Set<String> = ["localhost", "127.0.0.1", "[::1]"]
    private let hosts: Set<String>

    init(hosts: Set<String>) { self.hosts = hosts.union(Self.loopback) }

    func handle(
        _ request: Request,
        context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        guard hosts.contains(Self.name(request.head.authority ?? "")) else {
            throw Problem(
                .wrongHost,
                status: .misdirectedRequest,
                "the Host header names another machine; call the API by a loopback name or by one of its configured names"
            )
        }
        return try await next(request, context)
    }

    /// The host of `host:port`, lower-case; an IPv6 address keeps its brackets.
    static func name(_ authority: String) -> String {
        let end = authority.lastIndex(of: "]").map { authority.index(after: $0) } ?? authority.startIndex
        let port = authority[end...].firstIndex(of: ":") ?? authority.endIndex
        return authority[..<port].lowercased()
    }
}
