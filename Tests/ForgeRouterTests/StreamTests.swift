// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ForgeRouter

/// Connections that stay open.
@Suite struct StreamTests {
    @Test func aWebSocketOutlivesAChangeOfEndpoints() async throws {
        let (old, new) = (try Upstream("old"), try Upstream("new"))
        try await RunningNginx.with { nginx in
            try await nginx.serve(["chat": [old]])
            let socket = try nginx.connect()
            let handshake = try socket.get(
                "/socket",
                host: "chat.apps.test",
                "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            )
            #expect(handshake.status == 101)
            #expect(handshake.headers["upgrade"] == "websocket")
            #expect(handshake.headers["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
            #expect(try echo("hello", over: socket) == "hello")
            try await nginx.serve(["chat": [new]])
            #expect(try echo("still here", over: socket) == "still here")
            #expect(try nginx.connect().get(host: "chat.apps.test").body == "new")
        }
    }

    /// Sends one masked text frame (RFC 6455 §5.2) and reads one.
    private func echo(_ text: String, over socket: RawConnection) throws -> String {
        let mask: [UInt8] = [7, 77, 177, 27]
        let masked = text.utf8.enumerated().map { $0.element ^ mask[$0.offset % 4] }
        try socket.send([0x81, 0x80 | UInt8(masked.count)] + mask + masked)
        let start = try socket.receive(2)
        return try String(decoding: socket.receive(Int(start[1])), as: UTF8.self)
    }

    @Test func eventsArriveWhenTheyAreSent() async throws {
        let app = try Upstream("app")
        try await RunningNginx.with { nginx in
            try await nginx.serve(["chat": [app]])
            let connection = try nginx.connect()
            try connection.send("GET /events HTTP/1.1\r\nHost: chat.apps.test\r\nAccept: text/event-stream\r\n\r\n")
            #expect(try parseHead(connection.receiveHead()).0 == "HTTP/1.1 200 OK")
            for number in 1...2 {
                app.releaseEvent()
                #expect(try connection.receiveChunk() == Array("data: \(number)\n\n".utf8))
            }
        }
    }
}
