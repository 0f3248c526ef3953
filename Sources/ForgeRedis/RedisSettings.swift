// SPDX-License-Identifier: Apache-2.0

package import ForgeModel

/// Where Redis is and how long it may take to answer.
package struct RedisSettings: Sendable, CustomStringConvertible {
    /// How the server is reached.
    package enum Address: Hashable, Sendable, CustomStringConvertible {
        /// A Unix socket; its path may have at most 107 bytes (unix(7)).
        case unix(path: String)
        /// TCP without TLS, which hiredis 0.14 does not speak: for loopback and networks that are trusted.
        case tcp(host: String, port: Int)

        /// The path, or `host:port`.
        package var description: String {
            switch self {
            case .unix(let path): path
            case .tcp(let host, let port): "\(host):\(port)"
            }
        }
    }

    /// How the server is reached.
    package let address: Address
    /// The password of the default user, where it has one.
    package let password: String?
    /// How long connecting and each command may take.
    package let timeout: TimeSpan

    /// Names a server.
    package init(_ address: Address, password: String? = nil, timeout: TimeSpan = TimeSpan(seconds: 5)) {
        self.address = address
        self.password = password
        self.timeout = timeout
    }

    /// The address alone: settings are safe to print.
    package var description: String { address.description }
}
