// SPDX-License-Identifier: Apache-2.0

import ForgeOCI
import Glibc

/// TCP ports on 127.0.0.1.
enum LoopbackPort {
    /// Whether a server could listen there now.
    static func isFree(_ port: Int) -> Bool { (try? bound(to: port)) != nil }

    /// A port that nothing uses now.
    static func anyFree() throws -> Int { try bound(to: 0) }

    /// Binds and closes again. Connections that linger from an earlier server are no obstacle to a new one.
    private static func bound(to port: Int) throws -> Int {
        let name = "127.0.0.1:\(port)"
        let file = try SystemCallError.check("open", name) {
            socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        }
        defer { close(file) }
        var yes: Int32 = 1
        setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        try withUnsafeMutablePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                try SystemCallError.check("bind", name) { bind(file, generic, length) }
                try SystemCallError.check("listen on", name) { listen(file, 1) }
                try SystemCallError.check("look at", name) { getsockname(file, generic, &length) }
            }
        }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
