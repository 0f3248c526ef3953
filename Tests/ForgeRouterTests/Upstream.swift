// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Synchronization

/// A small app on a free loopback port, with a thread for each connection. What it does depends on the path:
/// `/headers` answers with the head it got, `/length` with the size of the body, `/events` sends events as the test
/// releases them, `/socket` is a WebSocket echo, `/cut` closes without an answer, everything else answers its name.
final class Upstream: Sendable {
    let name: String
    let port: Int
    /// Requests that arrived.
    let requests = Mutex(0)
    private let stopped = Mutex(false)
    private let listener: Int32
    private let release = DispatchSemaphore(value: 0)

    init(_ name: String) throws {
        self.name = name
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        port = try bindToPort(0, listener)
        guard listen(listener, 512) == 0 else { throw RawConnection.Broken(reason: "listen: \(errno)") }
        let listener = self.listener
        Thread.detachNewThread { [weak self] in
            while true {
                let accepted = accept(listener, nil, nil)
                guard accepted >= 0, let self else {
                    close(listener)
                    return
                }
                Thread.detachNewThread { self.serve(RawConnection(accepted: accepted)) }
            }
        }
    }

    deinit { stop() }

    /// Stops listening; the port then refuses connections. The accepting thread wakes up and closes the socket.
    func stop() {
        let isFirst = stopped.withLock { stopped in
            defer { stopped = true }
            return !stopped
        }
        if isFirst { shutdown(listener, Int32(SHUT_RDWR)) }
    }

    /// Lets `/events` send one more.
    func releaseEvent() { release.signal() }

    private func serve(_ connection: RawConnection) {
        guard let head = try? connection.receiveHead(), let (line, headers) = try? parseHead(head) else { return }
        requests.withLock { $0 += 1 }
        do {
            switch line.split(separator: " ").dropFirst().first {
            case "/headers": try answer(connection, head)
            case "/length": try answer(connection, "\(bodyLength(connection, headers))")
            case "/cut": return
            case "/failing": try connection.send("HTTP/1.1 502 Mine\r\nContent-Length: 4\r\n\r\nmine")
            case "/big": try answer(connection, String(repeating: "0123456789abcdef", count: 1 << 17))
            case "/events":
                try connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
                for number in 1...2 {
                    release.wait()
                    try connection.send("data: \(number)\n\n")
                }
            case "/socket": try echo(connection)
            default: try answer(connection, name)
            }
        } catch {
            // The client left; the test sees that on its own side.
        }
    }

    private func answer(_ connection: RawConnection, _ body: String) throws {
        try connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)")
    }

    private func bodyLength(_ connection: RawConnection, _ headers: [String: String]) throws -> Int {
        if let length = Int(headers["content-length"] ?? "") { return try connection.receive(length).count }
        var length = 0
        while let piece = try connection.receiveChunk() { length += piece.count }
        return length
    }

    /// The handshake of RFC 6455 §4.2.2 with the key of its §1.3, then every masked short frame back unmasked.
    private func echo(_ connection: RawConnection) throws {
        try connection.send(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
        )
        while true {
            let start = try connection.receive(2)
            let mask = try connection.receive(4)
            let payload = try connection.receive(Int(start[1] & 0x7F))
            let plain = payload.enumerated().map { $0.element ^ mask[$0.offset % 4] }
            try connection.send([start[0], UInt8(plain.count)] + plain)
        }
    }
}

/// Binds to a port of 127.0.0.1; 0 lets the system choose one.
func bindToPort(_ port: Int, _ descriptor: Int32) throws -> Int {
    var address = loopback(port: port)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
        }
    }
    guard bound else { throw RawConnection.Broken(reason: "bind: \(errno)") }
    return Int(UInt16(bigEndian: address.sin_port))
}
