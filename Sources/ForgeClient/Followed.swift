// SPDX-License-Identifier: Apache-2.0

/// Where a stream is, and so where it goes on after its connection broke.
package protocol StreamCursor: Sendable {
    /// A line of the stream.
    associatedtype Line: Decodable & Sendable
    /// What a line brings.
    associatedtype Item: Sendable
    /// Whether nothing comes any more.
    var isEnded: Bool { get }
    /// The path at which begins what was not seen yet; asked for once for each connection.
    mutating func path() -> String
    /// What a line brings; nil when that is nothing, or was seen already.
    mutating func take(_ line: Line) -> Item?
}

/// A stream whose broken connection is made again: the platform works on meanwhile, and what it says comes once.
package struct Followed<Cursor: StreamCursor>: AsyncSequence, Sendable {
    /// What following brings.
    package enum Element: Sendable {
        /// Something of the stream.
        case item(Cursor.Item)
        /// The connection is away; said once for every time it breaks.
        case interrupted
        /// The connection is back.
        case resumed
    }

    package typealias Failure = any Error
    let client: ForgeClient
    let cursor: Cursor
    /// Whether the platform may be away at the start, too.
    let isPatientAtFirst: Bool

    /// Starts where the cursor is.
    package func makeAsyncIterator() -> Iterator { Iterator(follow: self, cursor: cursor) }

    /// Follows. After the end comes nil.
    package struct Iterator: AsyncIteratorProtocol {
        /// How long the platform may be away before following it is given up.
        private static var patience: Duration { .seconds(120) }
        private static var longestWait: Duration { .seconds(3) }

        private let follow: Followed
        private var cursor: Cursor
        private var lines: DocumentLines<Cursor.Line>.Iterator?
        private var wasConnected = false
        /// Since when the connection is away, and how long the next wait is.
        private var outage: (since: ContinuousClock.Instant, wait: Duration)?
        /// The line that showed that the connection is back.
        private var held: Cursor.Line?

        fileprivate init(follow: Followed, cursor: Cursor) {
            self.follow = follow
            self.cursor = cursor
        }

        /// The next element. Throws `ClientError` when the platform refuses, or stays away for too long.
        package mutating func next() async throws -> Element? {
            while !cursor.isEnded {
                do {
                    if let element = try await advance() { return element }
                } catch let error as ClientError where error.isPassing && (wasConnected || follow.isPatientAtFirst) {
                    lines = nil
                    if let element = try await endure(error) { return element }
                }
            }
            return nil
        }

        private mutating func advance() async throws -> Element? {
            guard lines != nil else {
                let stream = try await follow.client.lines(cursor.path(), of: Cursor.Line.self)
                lines = stream.makeAsyncIterator()
                wasConnected = true
                return nil
            }
            let line = try await line()
            // Only a line shows that the platform is back: what is about to end may still take connections.
            guard outage == nil else {
                outage = nil
                held = line
                return .resumed
            }
            return cursor.take(line).map { .item($0) }
        }

        private mutating func line() async throws -> Cursor.Line {
            if let line = held {
                held = nil
                return line
            }
            guard let line = try await lines?.next() else {
                throw ClientError.interrupted(endpoint: follow.client.endpoint, reason: "the stream ended early")
            }
            return line
        }

        private mutating func endure(_ error: ClientError) async throws -> Element? {
            let now = ContinuousClock.now
            guard let current = outage else {
                outage = (since: now, wait: .milliseconds(200))
                return .interrupted
            }
            guard now - current.since < Self.patience else { throw error }
            try await Task.sleep(for: current.wait)
            outage = (since: current.since, wait: Swift.min(current.wait * 2, Self.longestWait))
            return nil
        }
    }
}
