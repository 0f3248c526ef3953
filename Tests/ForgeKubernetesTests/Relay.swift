// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// Stands between a client and a server on loopback, so that a test can cut connections and keep new ones out. It only
/// moves bytes: TLS passes through.
final class Relay: Sendable {
    private struct State {
        var listener: Int32 = -1
        var pairs: [(Int32, Int32)] = []
        var isOpen = true
        var isEnded = false
    }

    /// Where clients connect.
    let port: Int
    private let state = Mutex(State())
    private let target: sockaddr_in

    /// Listens on a free port, and connects to an IPv4 address for everyone who comes.
    init(to address: String, port target: Int) throws {
        self.target = try Self.address(address, target)
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var own = try Self.address("127.0.0.1", 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &own) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 64) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard isBound else { throw POSIXError(.EADDRINUSE) }
        port = Int(UInt16(bigEndian: own.sin_port))
        state.withLock { $0.listener = listener }
        Thread.detachNewThread { self.accept(on: listener) }
    }

    /// Cuts every connection; new ones pass.
    func cut() {
        state.withLock { state in
            for (client, server) in state.pairs {
                shutdown(client, Int32(SHUT_RDWR))
                shutdown(server, Int32(SHUT_RDWR))
            }
            state.pairs = []
        }
    }

    /// Cuts every connection and lets none pass until `open`.
    func close() {
        state.withLock { $0.isOpen = false }
        cut()
    }

    /// Lets connections pass again.
    func open() { state.withLock { $0.isOpen = true } }

    /// Ends everything.
    func end() {
        state.withLock { state in
            state.isEnded = true
            shutdown(state.listener, Int32(SHUT_RDWR))
        }
        close()
    }

    private func accept(on listener: Int32) {
        while true {
            let client = Glibc.accept(listener, nil, nil)
            guard client >= 0, !state.withLock({ $0.isEnded }) else { break }
            guard state.withLock({ $0.isOpen }), let server = connectToTarget() else {
                Glibc.close(client)
                continue
            }
            state.withLock { $0.pairs.append((client, server)) }
            let ending = Ending(client, server)
            Thread.detachNewThread { Self.pump(client, server, ending) }
            Thread.detachNewThread { Self.pump(server, client, ending) }
        }
        Glibc.close(listener)
    }

    /// Closes both sides when both directions are through.
    private final class Ending: Sendable {
        private let open = Mutex(2)
        private let sockets: (Int32, Int32)

        init(_ first: Int32, _ second: Int32) { sockets = (first, second) }

        func leave() {
            let isLast = open.withLock { open in
                open -= 1
                return open == 0
            }
            guard isLast else { return }
            Glibc.close(sockets.0)
            Glibc.close(sockets.1)
        }
    }

    private static func pump(_ source: Int32, _ sink: Int32, _ ending: Ending) {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(source, &buffer, buffer.count)
            guard count > 0, send(sink, buffer, count, Int32(MSG_NOSIGNAL)) == count else { break }
        }
        shutdown(source, Int32(SHUT_RDWR))
        shutdown(sink, Int32(SHUT_RDWR))
        ending.leave()
    }

    private func connectToTarget() -> Int32? {
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var target = target
        let isConnected = withUnsafePointer(to: &target) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        if isConnected { return server }
        Glibc.close(server)
        return nil
    }

    private static func address(_ text: String, _ port: Int) throws -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        guard inet_pton(AF_INET, text, &address.sin_addr) == 1 else { throw POSIXError(.EINVAL) }
        return address
    }
}
