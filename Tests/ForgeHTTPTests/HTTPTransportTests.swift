// SPDX-License-Identifier: Apache-2.0

import ForgeTesting
import Glibc
import Synchronization
import Testing

@testable import ForgeHTTP

@Suite struct HTTPTransportTests {
    private let transport = HTTPTransport()

    private func code(_ body: () async throws -> Void) async throws -> HTTPError.Code? {
        do {
            try await body()
            return nil
        } catch let error as HTTPError {
            return error.code
        }
    }

    @Test func connectionIsReused() async throws {
        let server = try StubServer { connection in
            while let request = connection.readRequest() {
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(request.line.utf8.count)\r\n\r\n\(request.line)")
            }
        }
        for number in 0..<3 {
            let response = try await transport.perform(HTTPRequest(url: "\(server.url)/\(number)"))
            #expect(response.status == 200)
            let body = try await response.body.collect(limit: 100)
            #expect(String(decoding: body, as: UTF8.self) == "GET /\(number) HTTP/1.1")
        }
        #expect(server.connections == 1)
    }

    @Test func manyAtOnce() async throws {
        let server = try StubServer { connection in
            while connection.readRequest() != nil { connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") }
        }
        let count = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    try await transport.perform(HTTPRequest(url: server.url)).body.collect(limit: 10).count
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(count == 100)
    }

    @Test func methodsAndBodies() async throws {
        let server = try StubServer { connection in
            while let request = connection.readRequest() {
                var body: [UInt8] = []
                connection.readBody(of: request) { body += $0 }
                let lengths = "\(request["Content-Length"] ?? "-") \(request["Transfer-Encoding"] ?? "-")"
                let fields = "\(request["Expect"] ?? "-") \(request["User-Agent"] ?? "-") \(request["X"] ?? "-")"
                let echo = "\(request.line)|\(lengths)|\(fields)|\(String(decoding: body, as: UTF8.self))"
                connection.write("HTTP/1.1 201 Created\r\nContent-Length: \(echo.utf8.count)\r\n\r\n")
                if !request.line.hasPrefix("HEAD") { connection.write(echo) }
            }
        }
        func echo(_ method: String, _ body: HTTPRequest.Body, _ headers: HTTPHeaders = [:]) async throws -> String {
            let request = HTTPRequest(method: method, url: server.url + "/p?q=1", headers: headers, body: body)
            return String(decoding: try await transport.perform(request).body.collect(limit: 1000), as: UTF8.self)
        }
        let pieces = AsyncThrowingStream<[UInt8], any Error> { continuation in
            for text in ["ab", "", "cde"] { continuation.yield(Array(text.utf8)) }
            continuation.finish()
        }
        #expect(try await echo("DELETE", .none) == "DELETE /p?q=1 HTTP/1.1|- -|- ForgePaaS -|")
        #expect(try await echo("HEAD", .none) == "")
        #expect(try await echo("POST", .none) == "POST /p?q=1 HTTP/1.1|0 -|- ForgePaaS -|")
        #expect(try await echo("PATCH", .bytes([65])) == "PATCH /p?q=1 HTTP/1.1|1 -|- ForgePaaS -|A")
        #expect(try await echo("PUT", .bytes([])) == "PUT /p?q=1 HTTP/1.1|0 -|- ForgePaaS -|")
        #expect(try await echo("GET", .bytes([66])) == "GET /p?q=1 HTTP/1.1|1 -|- ForgePaaS -|B")
        #expect(
            try await echo("PUT", .stream(length: nil, pieces), ["user-agent": "u", "X": ""])
                == "PUT /p?q=1 HTTP/1.1|- chunked|- u |abcde"
        )
    }

    @Test func chunkedResponseArrivesPieceByPiece() async throws {
        let mayEnd = Gate()
        let server = try StubServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
            mayEnd.wait()
            connection.write("1\r\n!\r\n0\r\n\r\n")
        }
        let response = try await transport.perform(HTTPRequest(url: server.url))
        var pieces = response.body.makeAsyncIterator()
        #expect(try await pieces.next() == Array("hello".utf8))
        mayEnd.open()
        #expect(try await pieces.next() == Array("!".utf8))
        #expect(try await pieces.next() == nil)
        #expect(try await pieces.next() == nil)
    }

    @Test func unixSocket() async throws {
        let path = "/tmp/forge-http-\(getpid())-\(UInt32.random(in: 0 ... .max)).sock"
        let request = HTTPRequest(url: "http://podman/info", unixSocket: path)
        #expect(try await code { _ = try await transport.perform(request) } == .notFound)
        let server = try StubServer(socketPath: path) { connection in
            guard let request = connection.readRequest() else { return }
            connection.write("HTTP/1.0 200 OK\r\n\r\n\(request["Host"] ?? "")")
        }
        let response = try await transport.perform(request)
        #expect(try await response.body.collect(limit: 100) == Array("podman".utf8))
        #expect(server.connections == 1)
    }

    @Test func nothingListens() async throws {
        var server: StubServer? = try StubServer { _ in }
        let url = try #require(server?.url).replacing("http://", with: "http://me:secret@")
        server = nil
        // The listening socket closes on its thread: until then a connection may be accepted and dropped.
        var error: HTTPError?
        try await eventually("the connection is refused") {
            error = await #expect(throws: HTTPError.self) { try await transport.perform(HTTPRequest(url: url)) }
            return error?.code != .connectionLost
        }
        #expect(error?.code == .connectionRefused)
        #expect(error?.description.contains("secret") == false)
    }

    @Test func requestsThatCannotBeSent() async throws {
        for request in [
            HTTPRequest(url: "http://"), HTTPRequest(method: "GE T", url: "http://127.0.0.1:1/"),
            HTTPRequest(url: "http://127.0.0.1:1/", headers: ["A": "b\r\nC: d"]),
            HTTPRequest(url: "http://127.0.0.1:1/\0"), HTTPRequest(url: "http://127.0.0.1:1/", headers: ["A b": ""]),
        ] {
            #expect(try await code { _ = try await transport.perform(request) } == .invalidRequest)
        }
        #expect(
            try await code { _ = try await transport.perform(HTTPRequest(url: "file:///etc/passwd")) } == .protocolError
        )
    }

    @Test func responseThatEndsEarly() async throws {
        let server = try StubServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
        }
        let body = try await transport.perform(HTTPRequest(url: server.url)).body
        var pieces = body.makeAsyncIterator()
        #expect(try await pieces.next() == Array("abc".utf8))
        #expect(try await code { _ = try await pieces.next() } == .connectionLost)
    }

    @Test func redirects() async throws {
        let target = try StubServer { connection in
            guard let request = connection.readRequest() else { return }
            connection.write("HTTP/1.0 200 OK\r\nSeen: \(request["Authorization"] ?? "none")\r\n\r\n")
        }
        let server = try StubServer { [url = target.url] connection in
            guard let request = connection.readRequest() else { return }
            connection.readBody(of: request)
            connection.write("HTTP/1.0 307 Moved\r\nLocation: \(url)/b\r\nContent-Length: 2\r\n\r\nno")
        }
        var request = HTTPRequest(url: server.url, headers: ["Authorization": "Basic c2VjcmV0"])
        #expect(try await transport.perform(request).status == 307)
        request.followRedirects = true
        let response = try await transport.perform(request)
        #expect(response.status == 200)
        #expect(response.headers["Seen"] == "none")
        #expect(try await response.body.collect(limit: 10) == [])
        request.method = "POST"
        request.body = .bytes([1])
        #expect(try await transport.perform(request).status == 307)
    }

    @Test func limits() async throws {
        let server = try StubServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.0 200 OK\r\n\r\none\r\ntwo\n\nlast")
        }
        func body() async throws -> HTTPBody { try await transport.perform(HTTPRequest(url: server.url)).body }
        #expect(try await code { _ = try await body().collect(limit: 13) } == .tooLarge)
        #expect(try await body().collect(limit: 14).count == 14)
        var lines: [String] = []
        for try await line in try await body().lines(limit: 4) { lines.append(line) }
        #expect(lines == ["one", "two", "", "last"])
        #expect(try await code { for try await _ in try await body().lines(limit: 3) {} } == .tooLarge)
    }

    @Test func longLinesInPieces() async throws {
        let server = try StubServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.0 200 OK\r\n\r\nabcdefg\nabc\n\u{e4}\u{e4}\u{e4}\n\nlonger")
        }
        var lines: [String] = []
        let body = try await transport.perform(HTTPRequest(url: server.url)).body
        for try await line in body.lines(limit: 3, isSplitting: true) { lines.append(line) }
        #expect(lines == ["abc", "def", "g", "abc", "\u{e4}", "\u{e4}", "\u{e4}", "", "lon", "ger"])
    }

    @Test func proxyOfTheRequest() async throws {
        let proxy = try StubServer { connection in
            guard let request = connection.readRequest() else { return }
            connection.write("HTTP/1.0 200 OK\r\n\r\n\(request.line)")
        }
        // Also for loopback, which never uses the environment's proxy.
        for url in ["http://127.0.0.1:1/x", "http://host.invalid/x"] {
            let response = try await transport.perform(HTTPRequest(url: url, proxy: proxy.url))
            let line = String(decoding: try await response.body.collect(limit: 1_000), as: UTF8.self)
            #expect(line == "GET \(url) HTTP/1.1")
        }
    }

    @Test func timeouts() async throws {
        let server = try StubServer { connection in
            while connection.readRequest() != nil {}
        }
        for timeouts in [
            HTTPRequest.Timeouts(idle: .milliseconds(50)), HTTPRequest.Timeouts(idle: nil, total: .milliseconds(50)),
        ] {
            let request = HTTPRequest(url: server.url, timeouts: timeouts)
            #expect(try await code { _ = try await transport.perform(request) } == .timedOut)
        }
    }

    @Test func closingEndsEverything() async throws {
        let isWaiting = Signal<Void>()
        let server = try StubServer { connection in
            while connection.readRequest() != nil { isWaiting.send(()) }
        }
        let transport = HTTPTransport()
        async let outcome = code { _ = try await transport.perform(HTTPRequest(url: server.url)) }
        await isWaiting.wait()
        transport.close()
        #expect(try await outcome == .cancelled)
        #expect(try await code { _ = try await transport.perform(HTTPRequest(url: server.url)) } == .cancelled)
    }

    @Test func bodyOutlivesItsTransport() async throws {
        let server = try StubServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.0 200 OK\r\n\r\nstill here")
        }
        let body = try await HTTPTransport().perform(HTTPRequest(url: server.url)).body
        #expect(try await body.collect(limit: 100) == Array("still here".utf8))
    }
}
