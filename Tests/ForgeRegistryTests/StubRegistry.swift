// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

struct FixtureError: Error {
    let message: String
}

/// An HTTP server on a loopback port that answers as the test says: for what a real registry does not do on request.
/// One request per connection, without request bodies.
final class StubRegistry: Sendable {
    struct Request: Sendable {
        let method: String
        let target: String
        let authorization: String?
    }

    struct Answer {
        var status = 200
        var headers: [String] = []
        var body = ""
    }

    let host: String
    private let listener: Int32
    private let seen = Mutex<[Request]>([])

    /// Every request so far.
    var requests: [Request] { seen.withLock { $0 } }

    init(_ answer: @escaping @Sendable (Request) -> Answer) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { [listener] pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, size) == 0 && listen(listener, 16) == 0
                    ? getsockname(listener, address, &size) : -1
            }
        }
        guard status == 0 else { throw FixtureError(message: "no loopback port") }
        host = "127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
        Self.spawn { [listener, weak self] in
            while true {
                let peer = accept(listener, nil, nil)
                if peer < 0 { break }
                if let request = Self.read(peer) {
                    self?.seen.withLock { $0.append(request) }
                    Self.write(answer(request), to: peer, isHead: request.method == "HEAD")
                }
                close(peer)
            }
            close(listener)
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private static func spawn(_ body: @escaping @Sendable () -> Void) {
        final class Box {
            let body: @Sendable () -> Void
            init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        }
        var thread = pthread_t()
        pthread_create(
            &thread,
            nil,
            { context in
                if let context { Unmanaged<Box>.fromOpaque(context).takeRetainedValue().body() }
                return nil
            },
            Unmanaged.passRetained(Box(body)).toOpaque()
        )
        pthread_detach(thread)
    }

    private static func read(_ peer: Int32) -> Request? {
        var text = ""
        var bytes = [UInt8](repeating: 0, count: 4096)
        while !text.contains("\r\n\r\n") {
            let count = recv(peer, &bytes, bytes.count, 0)
            guard count > 0 else { return nil }
            text += String(decoding: bytes.prefix(count), as: UTF8.self)
        }
        let lines = text.split(separator: "\r\n")
        let parts = lines[0].split(separator: " ")
        let authorization = lines.first { $0.hasPrefix("Authorization: ") }?.dropFirst("Authorization: ".count)
        return Request(
            method: String(parts[0]),
            target: String(parts[1]),
            authorization: authorization.map(String.init)
        )
    }

    private static func write(_ answer: Answer, to peer: Int32, isHead: Bool) {
        let head = ["HTTP/1.1 \(answer.status) -", "Connection: close", "Content-Length: \(answer.body.utf8.count)"]
        let text = (head + answer.headers).joined(separator: "\r\n") + "\r\n\r\n" + (isHead ? "" : answer.body)
        _ = text.withCString { send(peer, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
    }
}
