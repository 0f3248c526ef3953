// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeHTTP
import ForgeModel
import Glibc

/// Asks a container whether it is ready.
struct PortProbe: Sendable {
    private let transport: HTTPTransport

    init(transport: HTTPTransport) { self.transport = transport }

    /// Whether the endpoint answers as the healthcheck wants it: within 2 s for a connection, 5 s for a response.
    func answers(_ endpoint: Endpoint, _ healthcheck: Healthcheck) async -> Bool {
        switch healthcheck {
        case .none: true
        case .tcp: await accepts(endpoint)
        case .http(let path, _): await responds(endpoint, path)
        }
    }

    /// GET of the path answers 200 to 399. The Host header is `localhost`: apps that check it know that name.
    private func responds(_ endpoint: Endpoint, _ path: String) async -> Bool {
        let request = HTTPRequest(
            url: "http://\(endpoint.address):\(endpoint.port)\(path)",
            headers: ["Host": "localhost", "User-Agent": "ForgePaaS-healthcheck"],
            timeouts: HTTPRequest.Timeouts(connect: .seconds(2), idle: .seconds(5), total: .seconds(5)),
            connectsDirectly: true
        )
        guard let response = try? await transport.perform(request) else { return false }
        // Small bodies are read so that the connection is kept; big ones are nobody's business.
        _ = try? await response.body.collect(limit: 64 << 10)
        return (200...399).contains(response.status)
    }

    /// Whether a connection comes about. Non-blocking, with a look now and then: on a bridge of this host the answer is
    /// there within a millisecond, so no thread has to wait for it.
    private func accepts(_ endpoint: Endpoint) async -> Bool {
        guard let port = in_port_t(exactly: endpoint.port) else { return false }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        guard inet_pton(AF_INET, endpoint.address, &address.sin_addr) == 1 else { return false }
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let socket = socket(AF_INET, kind, 0)
        guard socket >= 0 else { return false }
        defer { close(socket) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if result == 0 { return true }
        guard errno == EINPROGRESS else { return false }
        return await becomesWritable(socket)
    }

    private func becomesWritable(_ socket: Int32) async -> Bool {
        var pause = Duration.milliseconds(1)
        let deadline = ContinuousClock.now + .seconds(2)
        while ContinuousClock.now < deadline {
            var state = pollfd(fd: socket, events: Int16(POLLOUT), revents: 0)
            if poll(&state, 1, 0) > 0 {
                var failure: Int32 = 0
                var size = socklen_t(MemoryLayout<Int32>.size)
                return getsockopt(socket, SOL_SOCKET, SO_ERROR, &failure, &size) == 0 && failure == 0
            }
            do { try await Task.sleep(for: pause) } catch { return false }
            pause = min(pause * 2, .milliseconds(100))
        }
        return false
    }
}
