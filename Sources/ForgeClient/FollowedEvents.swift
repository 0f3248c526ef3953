// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import ForgeModel
package import ForgePlan

/// The events of one generation. A broken connection is made again, from the last event on: the platform works on
/// meanwhile, and no event is lost or comes twice.
package struct FollowedEvents: AsyncSequence, Sendable {
    /// What following brings.
    package enum Element: Hashable, Sendable {
        /// Something happened to the app.
        case event(DeployEvent)
        /// The connection is away; said once for every time it breaks.
        case interrupted(reason: String)
        /// The connection is back.
        case resumed
    }

    package typealias Failure = any Error
    let client: ForgeClient
    let app: AppName
    let generation: Generation
    let position: String?
    let patience: Duration

    /// Starts at the position.
    package func makeAsyncIterator() -> Iterator { Iterator(follow: self, position: position) }

    /// Follows. After the result comes nil.
    package struct Iterator: AsyncIteratorProtocol {
        private static let longestWait = Duration.seconds(3)

        private let follow: FollowedEvents
        private var position: String?
        private var lines: DocumentLines<StreamedEvent>.Iterator?
        private var isEnded = false
        /// Since when the connection is away, and how long the next wait is.
        private var outage: (since: ContinuousClock.Instant, wait: Duration)?
        /// The line that showed that the connection is back.
        private var held: StreamedEvent?

        fileprivate init(follow: FollowedEvents, position: String?) {
            self.follow = follow
            self.position = position
        }

        /// The next element. Throws `ClientError` when the platform refuses, or stays away for too long.
        package mutating func next() async throws -> Element? {
            while !isEnded {
                do {
                    if let element = try await advance() { return element }
                } catch let error as ClientError where error.isPassing {
                    lines = nil
                    if let element = try await endure(error) { return element }
                }
            }
            return nil
        }

        private mutating func advance() async throws -> Element? {
            guard lines != nil else {
                let (app, generation) = (follow.app, follow.generation)
                let stream = try await follow.client.events(app, generation: generation, after: position)
                lines = stream.makeAsyncIterator()
                return nil
            }
            let line = try await line()
            // Only a line shows that the platform is back: what is about to end may still take connections.
            guard outage == nil else {
                outage = nil
                held = line
                return .resumed
            }
            guard case .event(let event, let position) = line else { return nil }
            self.position = position ?? self.position
            isEnded = event.kind == .result
            return .event(event)
        }

        private mutating func line() async throws -> StreamedEvent {
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
                return .interrupted(reason: error.description)
            }
            guard now - current.since < follow.patience else { throw error }
            try await Task.sleep(for: current.wait)
            outage = (since: current.since, wait: Swift.min(current.wait * 2, Self.longestWait))
            return nil
        }
    }
}
