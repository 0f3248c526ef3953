// SPDX-License-Identifier: Apache-2.0

/// Why a request had no usable response. An HTTP status is not an error at this level.
package struct HTTPError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What a caller decides by.
    package enum Code: String, Sendable {
        /// Nothing listens there.
        case connectionRefused
        /// The Unix socket does not exist.
        case notFound
        /// The Unix socket may not be opened.
        case permissionDenied
        /// The host's name has no address.
        case unknownHost
        /// No way to the host.
        case unreachable
        /// The connection ended before the response did.
        case connectionLost
        case timedOut
        /// A certificate or handshake was refused, or a PEM file could not be used.
        case tls
        /// The task was cancelled or the transport closed.
        case cancelled
        /// The peer does not speak HTTP, or too many redirects.
        case protocolError
        /// More bytes than the caller's limit.
        case tooLarge
        /// The request itself cannot be sent: URL, header or body length.
        case invalidRequest
    }

    package let code: Code
    /// A short lower-case sentence.
    package let message: String
    /// The request's URL without user, password and query; for a Unix socket also the socket's path.
    package let url: String

    /// - Parameter url: credentials and query are removed.
    package init(code: Code, message: String, url: String, unixSocket: String? = nil) {
        self.code = code
        self.message = message
        let stripped = Self.withoutCredentials(url)
        self.url = unixSocket.map { "\(stripped) (unix:\($0))" } ?? stripped
    }

    package var description: String { "\(url): \(message)" }

    /// `scheme://host/path`: userinfo and query may hold passwords and signatures.
    static func withoutCredentials(_ url: String) -> String {
        let visible = url.prefix { $0 != "?" && $0 != "#" }
        guard let scheme = visible.firstRange(of: "://") else { return String(visible) }
        let rest = visible[scheme.upperBound...]
        let authority = rest.prefix { $0 != "/" }
        guard let at = authority.lastIndex(of: "@") else { return String(visible) }
        return String(visible[..<scheme.upperBound] + rest[rest.index(after: at)...])
    }
}
