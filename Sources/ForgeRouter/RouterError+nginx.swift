// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import Glibc

/// What can be wrong with nginx and its files, each said in one place.
extension RouterError {
    /// A setting that cannot be written into the configuration.
    static func setting(_ value: String, _ remedy: String) -> RouterError {
        RouterError("router setting '\(value)': \(remedy)")
    }

    /// `nginx -t` refused the configuration.
    static func configuration(_ messages: String) -> RouterError {
        RouterError("nginx refuses its configuration: \(messages)")
    }

    /// A file, folder or process could not be used; the reason is `errno`'s.
    static func system(_ what: String) -> RouterError {
        RouterError("\(what): \(String(cString: strerror(errno)))")
    }

    /// The control socket could not be reached, or the exchange broke.
    static func unreachable(_ socket: String, _ reason: String) -> RouterError {
        RouterError("nginx does not answer at \(socket): \(reason)")
    }

    /// nginx refused the table.
    static func refused(_ status: Int, _ message: [UInt8]) -> RouterError {
        let text = String(decoding: message.prefix(1_000), as: UTF8.self)
        return RouterError("nginx refused the routing table (\(status)): \(text)")
    }

    /// A host is claimed twice.
    static func taken(_ host: String, by app: String) -> RouterError {
        RouterError("host \(host) belongs to app \(app): remove it there first")
    }

    /// A table that nginx must not be given.
    static func table(_ reason: String) -> RouterError {
        RouterError("routing table: \(reason)")
    }
}
