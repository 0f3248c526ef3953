// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import FoundationEssentials
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import ServiceLifecycle

/// A response of JSON lines that come as things happen (specs/api.md §7): with a sign of life when nothing does, and
/// with an end as soon as the client is gone or the server shuts down.
struct LineStream<Element: Sendable>: Sendable {
    /// What one element becomes: its line, and whether it is the last.
    struct Line: Sendable {
        let text: Data
        var isLast = false
    }

    let elements: AsyncThrowingStream<Element, any Error>
    let heartbeat: Duration
    let heartbeatLine: Data
    /// Makes the line of an element; nil leaves it out.
    let line: @Sendable (Element) throws -> Line?

    /// How many lines wait for a slow client before it is cut off; it can come back for the rest.
    private static var maximumBacklog: Int { 20_000 }

    /// Answers `request`, whose body was not read.
    func response(to request: Request) -> Response {
        var response = Response(
            status: .ok,
            body: ResponseBody { writer in
                try await request.body.consumeWithCancellationOnInboundClose { _ in
                    try await write(to: &writer)
                }
                try await writer.finish(nil)
            }
        )
        response.headers[.contentType] = WireFormat.lines
        response.headers[.cacheControl] = "no-store"
        return response
    }

    private func write(to writer: inout any ResponseBodyWriter) async throws {
        let (lines, queue) = AsyncThrowingStream<Line, any Error>.makeStream(
            bufferingPolicy: .bufferingOldest(Self.maximumBacklog)
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await forward(to: queue) }
            group.addTask { await beat(to: queue) }
            group.addTask {
                try await gracefulShutdown()
                queue.finish()
            }
            for try await line in lines {
                try await writer.write(ByteBuffer(bytes: line.text + [UInt8(ascii: "\n")]))
                if line.isLast { break }
            }
            group.cancelAll()
        }
    }

    private func forward(to queue: AsyncThrowingStream<Line, any Error>.Continuation) async {
        do {
            for try await element in elements {
                guard let line = try line(element) else { continue }
                if case .dropped = queue.yield(line) { throw TooSlow() }
            }
            queue.finish()
        } catch {
            queue.finish(throwing: error)
        }
    }

    private func beat(to queue: AsyncThrowingStream<Line, any Error>.Continuation) async {
        while (try? await Task.sleep(for: heartbeat)) != nil {
            queue.yield(Line(text: heartbeatLine))
        }
    }

    /// The client does not read as fast as lines are made.
    private struct TooSlow: Error {}
}
