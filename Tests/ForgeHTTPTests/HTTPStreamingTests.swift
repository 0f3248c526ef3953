// SPDX-License-Identifier: Apache-2.0

import ForgeTesting
import Glibc
import Synchronization
import Testing

@testable import ForgeHTTP

/// Back-pressure and cancellation, in both directions.
@Suite struct HTTPStreamingTests {
    private let transport = HTTPTransport()

    @Test func slowReaderPausesTheServer() async throws {
        let total = 64 << 20
        let firstPart = Signal<Int>()
        let server = try StubServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n")
            let taken = connection.writeUntilBlocked(limit: total)
            firstPart.send(taken)
            connection.write([UInt8](repeating: 7, count: total - taken))
        }
        // No byte moves while the reader waits: that is not the server's silence.
        let timeouts = HTTPRequest.Timeouts(idle: .seconds(60))
        let body = try await transport.perform(HTTPRequest(url: server.url, timeouts: timeouts)).body
        let taken = try #require(await firstPart.wait())
        #expect(taken < total)
        var received = 0
        var largest = 0
        for try await piece in body {
            received += piece.count
            largest = max(largest, piece.count)
        }
        #expect(received == total)
        #expect(largest < Exchange.capacity + (64 << 10))
    }

    @Test func slowServerPausesTheUpload() async throws {
        let total = 48 << 20
        let produced = Atomic(0)
        let lead = Mutex(0)
        let server = try StubServer(receiveBuffer: 64 << 10) { connection in
            guard let request = connection.readRequest() else { return }
            var received = 0
            connection.readBody(of: request) { piece in
                received += piece.count
                lead.withLock { $0 = max($0, produced.load(ordering: .relaxed) - received) }
            }
            connection.write("HTTP/1.1 201 Created\r\nContent-Length: 0\r\nReceived: \(received)\r\n\r\n")
        }
        for length in [nil, Int64(total)] {
            produced.store(0, ordering: .relaxed)
            let stream = AsyncThrowingStream<[UInt8], any Error> {
                guard produced.load(ordering: .relaxed) < total else { return nil }
                produced.add(96 << 10, ordering: .relaxed)
                return [UInt8](repeating: 1, count: 96 << 10)
            }
            let request = HTTPRequest(method: "PUT", url: server.url, body: .stream(length: length, stream))
            let response = try await transport.perform(request)
            #expect(response.headers["Received"] == String(total))
        }
        // What the kernel holds for a loopback connection is well below this.
        #expect(lead.withLock { $0 } < 24 << 20)
    }

    @Test func cancellationBeforeTheHeader() async throws {
        let arrived = Signal<Void>()
        let closed = Signal<Void>()
        let server = try StubServer { connection in
            _ = connection.readRequest()
            arrived.send(())
            connection.waitForEnd()
            closed.send(())
        }
        let task = Task { [transport] in try await transport.perform(HTTPRequest(url: server.url)) }
        await arrived.wait()
        task.cancel()
        await #expect { _ = try await task.value } throws: { ($0 as? HTTPError)?.code == .cancelled }
        await closed.wait()
        let late = Task { [transport] in
            withUnsafeCurrentTask { $0?.cancel() }
            return try await transport.perform(HTTPRequest(url: server.url))
        }
        await #expect { _ = try await late.value } throws: { ($0 as? HTTPError)?.code == .cancelled }
    }

    @Test func cancellationWhileReading() async throws {
        let closed = Signal<Void>()
        let server = try StubServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\n\r\nline\n")
            connection.waitForEnd()
            closed.send(())
        }
        let body = try await transport.perform(HTTPRequest(url: server.url)).body
        let firstLine = Signal<String>()
        let task = Task { for try await line in body.lines(limit: 100) { firstLine.send(line) } }
        #expect(await firstLine.wait() == "line")
        task.cancel()
        await #expect { try await task.value } throws: { ($0 as? HTTPError)?.code == .cancelled }
        await closed.wait()
    }

    @Test func droppingTheBodyEndsTheTransfer() async throws {
        let closed = Signal<Void>()
        let server = try StubServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\n\r\n")
            connection.waitForEnd()
            closed.send(())
        }
        #expect(try await transport.perform(HTTPRequest(url: server.url)).status == 200)
        await closed.wait()
    }

    @Test func errorOfTheStreamIsThrown() async throws {
        struct SourceError: Error {}
        let server = try StubServer { connection in
            guard let request = connection.readRequest() else { return }
            connection.readBody(of: request)
        }
        let stream = AsyncThrowingStream<[UInt8], any Error> { continuation in
            continuation.yield([1, 2, 3])
            continuation.finish(throwing: SourceError())
        }
        let request = HTTPRequest(method: "PUT", url: server.url, body: .stream(length: nil, stream))
        await #expect(throws: SourceError.self) { _ = try await transport.perform(request) }
    }

    @Test(arguments: [Int64(2), 4]) func lengthThatTheStreamDoesNotHave(length: Int64) async throws {
        let server = try StubServer { connection in
            guard let request = connection.readRequest() else { return }
            connection.readBody(of: request)
            connection.waitForEnd()
        }
        let stream = AsyncThrowingStream<[UInt8], any Error> { continuation in
            continuation.yield([1, 2, 3])
            continuation.finish()
        }
        let request = HTTPRequest(method: "PUT", url: server.url, body: .stream(length: length, stream))
        await #expect { _ = try await transport.perform(request) } throws: {
            ($0 as? HTTPError)?.code == .invalidRequest
        }
    }

    @Test func responseBeforeTheUploadsEnd() async throws {
        let server = try StubServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 3\r\n\r\nbig")
            connection.endWriting()
            connection.waitForEnd()
        }
        let endless = AsyncThrowingStream<[UInt8], any Error> { [UInt8](repeating: 1, count: 64 << 10) }
        let request = HTTPRequest(method: "POST", url: server.url, body: .stream(length: nil, endless))
        let response = try await transport.perform(request)
        #expect(response.status == 413)
        #expect(try await response.body.collect(limit: 10) == Array("big".utf8))
    }
}
