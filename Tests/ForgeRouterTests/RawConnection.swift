// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// One TCP connection over which a test writes and reads bytes as it likes. Reads give up after 20 s.
final class RawConnection {
    struct Broken: Error { let reason: String }

    /// A parsed response; header names in lower case.
    struct Response {
        var status: Int
        var headers: [String: String]
        var body: String
    }

    let descriptor: Int32
    private var buffer: [UInt8] = []

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = loopback(port: port)
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw Broken(reason: "connect: \(errno)") }
        limitReads()
    }

    /// Takes an accepted connection.
    init(accepted: Int32) {
        descriptor = accepted
        limitReads()
    }

    deinit { close(descriptor) }

    private func limitReads() {
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { throw Broken(reason: "send: \(errno)") }
            rest = rest.dropFirst(count)
        }
    }

    /// Exactly `count` bytes.
    func receive(_ count: Int) throws -> [UInt8] {
        while buffer.count < count { try fill() }
        defer { buffer.removeFirst(count) }
        return Array(buffer[..<count])
    }

    /// Up to and without the empty line.
    func receiveHead() throws -> String {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let range = buffer.firstRange(of: end) {
                defer { buffer.removeSubrange(..<range.upperBound) }
                return String(decoding: buffer[..<range.lowerBound], as: UTF8.self)
            }
            try fill()
        }
    }

    private func fill() throws {
        var piece = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &piece, piece.count, 0)
        guard count > 0 else { throw Broken(reason: count == 0 ? "closed" : "recv: \(errno)") }
        buffer += piece[..<count]
    }

    /// Reads a response whose body is counted, chunked or (for `headOnly`) absent.
    func receiveResponse(headOnly: Bool = false) throws -> Response {
        let (line, headers) = try parseHead(receiveHead())
        let status = Int(line.split(separator: " ").dropFirst().first ?? "") ?? 0
        var body: [UInt8] = []
        if headers["transfer-encoding"] == "chunked", !headOnly {
            while let piece = try receiveChunk() { body += piece }
        } else if !headOnly, status != 101 {
            body = try receive(Int(headers["content-length"] ?? "") ?? 0)
        }
        return Response(status: status, headers: headers, body: String(decoding: body, as: UTF8.self))
    }

    /// The next chunk; nil after the last.
    func receiveChunk() throws -> [UInt8]? {
        var size: [UInt8] = []
        while !size.ends(with: [13, 10]) { size += try receive(1) }
        let count = Int(String(decoding: size.dropLast(2), as: UTF8.self), radix: 16) ?? 0
        let piece = try receive(count)
        _ = try receive(2)
        return count == 0 ? nil : piece
    }

    /// One request and its response on this connection.
    func get(_ path: String = "/", host: String, _ extra: String = "", method: String = "GET") throws -> Response {
        try send("\(method) \(path) HTTP/1.1\r\nHost: \(host)\r\n\(extra)\r\n")
        return try receiveResponse(headOnly: method == "HEAD")
    }
}

extension [UInt8] {
    fileprivate func ends(with suffix: [UInt8]) -> Bool { self.suffix(suffix.count).elementsEqual(suffix) }
}

/// First line and fields of a request or response; repeated fields are joined.
func parseHead(_ head: String) throws -> (String, [String: String]) {
    let lines = head.split(separator: "\r\n", omittingEmptySubsequences: false)
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
        guard let colon = line.firstIndex(of: ":") else { throw RawConnection.Broken(reason: "header \(line)") }
        let value = line[line.index(after: colon)...].drop { $0 == " " }
        headers[line[..<colon].lowercased(), default: ""] += value
    }
    return (String(lines.first ?? ""), headers)
}

/// 127.0.0.1 with this port.
func loopback(port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
}
