// SPDX-License-Identifier: Apache-2.0

/// The host of a URL's authority (RFC 3986 §3.2.2), lower case, an IPv6 address without its brackets.
package struct URLHost: Sendable, Hashable {
    package let name: String

    /// Takes the host out of `url`, with or without scheme, credentials and port.
    package init(_ url: String) {
        let afterScheme = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
        let authority = afterScheme.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let hostAndPort = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        if hostAndPort.hasPrefix("[") {
            name = hostAndPort.dropFirst().prefix { $0 != "]" }.lowercased()
        } else {
            name = hostAndPort.prefix { $0 != ":" }.lowercased()
        }
    }

    /// Whether the name can only mean this machine (RFC 6761 §6.3 for `localhost`).
    package var isLoopback: Bool {
        name == "localhost" || name.hasSuffix(".localhost") || name == "::1" || ipv4?.first == 127
    }

    /// The four numbers of an IPv4 address in dotted decimal form; `nil` for other hosts.
    package var ipv4: [UInt8]? {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { UInt8($0) }
        return parts.count == 4 && numbers.count == 4 ? numbers : nil
    }
}
