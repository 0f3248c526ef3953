// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Refuses requests whose Host is not a name of this machine: a web page whose own name was made to point to loopback
/// (DNS rebinding) comes with its own name in it. An address is no name, so it can always be let in.
struct HostMiddleware: RouterMiddleware {
    private let hosts: Set<String>

    init(hosts: Set<String>) { self.hosts = hosts.union(["localhost"]) }

    func handle(
        _ request: Request,
        context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let name = Self.name(request.head.authority ?? "")
        guard hosts.contains(name) || Self.isAddress(name) else {
            throw Problem(
                .wrongHost,
                status: .misdirectedRequest,
                "the Host header names another machine; call the API by an address, as localhost, or by one of its configured names"
            )
        }
        return try await next(request, context)
    }

    /// Four numbers, or hexadecimal digits in brackets: what no name server was asked for.
    static func isAddress(_ name: String) -> Bool {
        if name.hasPrefix("["), name.hasSuffix("]") {
            return name.dropFirst().dropLast().utf8.allSatisfy {
                $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") || Self.isHexadecimal($0)
            }
        }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } && UInt8($0) != nil }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (97...102).contains(byte)
    }

    /// The host of `host:port`, lower-case; an IPv6 address keeps its brackets.
    static func name(_ authority: String) -> String {
        let end = authority.lastIndex(of: "]").map { authority.index(after: $0) } ?? authority.startIndex
        let port = authority[end...].firstIndex(of: ":") ?? authority.endIndex
        return authority[..<port].lowercased()
    }
}
