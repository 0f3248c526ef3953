// SPDX-License-Identifier: Apache-2.0

import Dispatch
package import ForgeHTTP
import Glibc

/// Short questions to the parts of the platform, to know whether they answer.
package struct LocalCall: Sendable {
    private let transport: HTTPTransport

    /// Asks over a transport.
    package init(transport: HTTPTransport) { self.transport = transport }

    /// The status that a GET is answered with, once the answer is complete; nil when there is none within 5 s.
    package func status(_ url: String, unixSocket: String? = nil, headers: HTTPHeaders = [:]) async -> Int? {
        let request = HTTPRequest(
            url: url,
            headers: headers,
            unixSocket: unixSocket,
            timeouts: .init(connect: .seconds(2), idle: .seconds(5), total: .seconds(5)),
            connectsDirectly: true
        )
        guard let response = try? await transport.perform(request),
            (try? await response.body.collect(limit: 4 << 20)) != nil
        else { return nil }
        return response.status
    }

    /// Sends a line to a Unix socket and gives the first bytes of the answer; nil when there is none within 2 s.
    static func ask(socket path: String, _ line: String) async -> String? {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: askBlocking(path, line)) }
        }
    }

    private static func askBlocking(_ path: String, _ line: String) -> String? {
        let file = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var patience = timeval(tv_sec: 2, tv_usec: 0)
        setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(file, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                connect(file, generic, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        let words = Array("\(line)\r\n".utf8)
        guard connected == 0, send(file, words, words.count, Int32(MSG_NOSIGNAL)) == words.count else {
            return nil
        }
        let answer = [UInt8](unsafeUninitializedCapacity: 64) { buffer, count in
            count = max(0, recv(file, buffer.baseAddress, buffer.count, 0))
        }
        return answer.isEmpty ? nil : String(decoding: answer, as: UTF8.self)
    }
}
