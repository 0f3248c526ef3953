// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// A small server on a loopback TCP port or a Unix socket: one thread per connection runs the test's closure.
package final class StubServer: Sendable {
    /// `http://127.0.0.1:port`, or of the Unix socket `http://stub`.
    package let url: String
    /// The Unix socket's path; removed with the server.
    package let socketPath: String?
    private let listener: Int32
    private let handler: @Sendable (StubConnection) -> Void
    private let accepted = Mutex(0)

    /// How many connections were made so far.
    package var connections: Int { accepted.withLock { $0 } }

    /// Listens; `handler` runs once for each connection.
    package init(
        socketPath: String? = nil,
        receiveBuffer: Int32? = nil,
        _ handler: @escaping @Sendable (StubConnection) -> Void
    )
        throws
    {
        self.handler = handler
        self.socketPath = socketPath
        listener = socket(socketPath == nil ? AF_INET : AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard listener >= 0 else { throw StubError("socket") }
        if var receiveBuffer {
            setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, socklen_t(MemoryLayout<Int32>.size))
        }
        if let socketPath {
            try Self.bind(listener, to: socketPath)
            url = "http://stub"
        } else {
            url = "http://127.0.0.1:\(try Self.bindToLoopback(listener))"
        }
        guard listen(listener, 64) == 0 else { throw StubError("listen") }
        spawn { [listener, handler, weak self] in
            while true {
                let peer = accept(listener, nil, nil)
                if peer < 0 { break }
                self?.accepted.withLock { $0 += 1 }
                spawn { handler(StubConnection(peer)) }
            }
            close(listener)
        }
    }

    deinit {
        // Wakes the accepting thread, which closes the socket.
        shutdown(listener, Int32(SHUT_RDWR))
        if let socketPath { unlink(socketPath) }
    }

    private static func bind(_ descriptor: Int32, to path: String) throws {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status == 0 else { throw StubError("bind") }
    }

    private static func bindToLoopback(_ descriptor: Int32) throws -> UInt16 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                Glibc.bind(descriptor, address, size) == 0 ? getsockname(descriptor, address, &size) : -1
            }
        }
        guard status == 0 else { throw StubError("bind") }
        return UInt16(bigEndian: address.sin_port)
    }
}

/// A system call of the stub server failed.
package struct StubError: Error {
    /// The call's name.
    package let call: String

    /// Names the call.
    package init(_ call: String) {
        self.call = call
    }
}

/// Runs `body` on a thread of its own.
package func spawn(_ body: @escaping @Sendable () -> Void) {
    final class Box {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let context = Unmanaged.passRetained(Box(body)).toOpaque()
    pthread_create(
        &thread,
        nil,
        { context in
            guard let context else { return nil }
            Unmanaged<Box>.fromOpaque(context).takeRetainedValue().body()
            return nil
        },
        context
    )
    pthread_detach(thread)
}

/// One accepted connection; closed when the handler returns.
package final class StubConnection {
    /// A request without its body.
    package struct Request {
        /// `GET /path HTTP/1.1`.
        package var line = ""
        /// Names in lower case.
        package var headers: [(name: String, value: String)] = []

        /// The first value under a name, in any case.
        package subscript(name: String) -> String? { headers.first { $0.name == name.lowercased() }?.value }
    }

    private let descriptor: Int32
    private var buffer: [UInt8] = []

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// The next request's line and header fields; `nil` when the client has closed.
    package func readRequest() -> Request? {
        var request = Request()
        guard let line = readLine() else { return nil }
        request.line = line
        while let line = readLine(), !line.isEmpty {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            request.headers.append((line[..<colon].lowercased(), String(value)))
        }
        return request
    }

    /// The body that `request` announces, piece by piece.
    /// - Returns: its length.
    @discardableResult
    package func readBody(of request: Request, _ consume: ([UInt8]) -> Void = { _ in }) -> Int {
        if request["Transfer-Encoding"] == "chunked" {
            var total = 0
            while let line = readLine(), let size = Int(line, radix: 16) {
                total += read(size, consume)
                _ = readLine()
                if size == 0 { break }
            }
            return total
        }
        return read(request["Content-Length"].flatMap { Int($0) } ?? 0, consume)
    }

    private func read(_ count: Int, _ consume: ([UInt8]) -> Void) -> Int {
        var left = count
        while left > 0 {
            if buffer.isEmpty, !fill() { break }
            let piece = Array(buffer.prefix(left))
            buffer.removeFirst(piece.count)
            left -= piece.count
            consume(piece)
        }
        return count - left
    }

    /// Waits until the client has closed its side.
    package func waitForEnd() {
        while fill() { buffer = [] }
    }

    /// Sends text.
    package func write(_ text: String) {
        write(Array(text.utf8))
    }

    /// Sends bytes, as far as the client takes them.
    package func write(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return }
            sent += count
        }
    }

    /// Writes until the client takes no more for a while, or `limit` bytes are out.
    /// - Returns: how many were taken.
    package func writeUntilBlocked(limit: Int) -> Int {
        let block = [UInt8](repeating: 7, count: 64 << 10)
        var sent = 0
        while sent < limit {
            var poller = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            guard poll(&poller, 1, 300) > 0 else { break }
            let count = block.withUnsafeBytes {
                send(
                    descriptor,
                    $0.baseAddress,
                    min($0.count, limit - sent),
                    Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
                )
            }
            if count > 0 { sent += count }
        }
        return sent
    }

    /// Tells the client that nothing more comes.
    package func endWriting() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    private func readLine() -> String? {
        while true {
            if let newline = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                let line = buffer[..<newline].filter { $0 != UInt8(ascii: "\r") }
                buffer.removeFirst(newline + 1)
                return String(decoding: line, as: UTF8.self)
            }
            if !fill() { return nil }
        }
    }

    private func fill() -> Bool {
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return false }
        buffer += bytes.prefix(count)
        return true
    }
}

/// Something that a server's thread tells the test once.
package struct Signal<Value: Sendable>: Sendable {
    private let stream: AsyncStream<Value>
    private let continuation: AsyncStream<Value>.Continuation

    /// Nothing was told yet.
    package init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    /// Tells a value.
    package func send(_ value: Value) {
        continuation.yield(value)
    }

    /// Waits for the next value.
    package func wait() async -> Value? {
        for await value in stream { return value }
        return nil
    }
}
