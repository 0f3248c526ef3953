// SPDX-License-Identifier: Apache-2.0

import ForgeJSON
import ForgeKubernetesClient

/// Keeps one cache at what the server has: lists once, watches, and lists again when the thread is lost.
struct Reflector: Sendable {
    let cache: ResourceCache
    let source: any ObjectSource
    /// Which objects: a label selector.
    let labels: String
    /// Whether the server is asked to stream the first list.
    var isStreamed = false
    /// Waits for that many milliseconds; a test may do it faster.
    var pause: @Sendable (Int) async throws -> Void = { try await Task.sleep(for: .milliseconds($0)) }

    /// Runs until the task is cancelled.
    func run() async {
        var backoff = RelistBackoff()
        while !Task.isCancelled {
            let began = ContinuousClock.now
            do {
                try await listAndWatch()
            } catch {
                if Task.isCancelled { return }
                lose(error)
            }
            let chance = Double.random(in: 0...1)
            try? await pause(backoff.pause(after: .now - began, chance: chance))
        }
    }

    /// Too old is not wrong: what is known stays known until the next list is read.
    private func lose(_ error: any Error) {
        guard let error = error as? KubernetesError else { return cache.lose(.failed("\(error)")) }
        switch error.code {
        case .gone: return
        case .forbidden: cache.lose(.forbidden(error.message))
        default: cache.lose(.failed(error.message))
        }
    }

    /// Where the watch is in the kind's history.
    private struct Position {
        /// The newest resourceVersion that was told; nil before the list is complete.
        var version: String?
        /// Whether the connection was cut and nothing came since.
        var wasCut = false
    }

    private func listAndWatch() async throws {
        cache.beginList()
        var position = Position()
        let first = source.follow(
            cache.resource,
            namespace: cache.namespace,
            labels: labels,
            isStreamed: isStreamed
        )
        try await take(first, &position)
        // Servers end every watch after some minutes.
        while !Task.isCancelled {
            guard let version = position.version else {
                throw KubernetesError(.unintelligible, "the list of \(cache.resource.plural) has no end")
            }
            let events = source.watch(
                cache.resource,
                namespace: cache.namespace,
                labels: labels,
                from: version
            )
            try await take(events, &position)
            // One that ends watches at once must not be asked all the time.
            if position.version == version, !position.wasCut { try await pause(1_000) }
        }
    }

    /// Takes events until the server ends them. A connection that is cut after the list is tried once more from where it
    /// was; it throws when that brings nothing either.
    private func take(_ events: AsyncThrowingStream<WatchEvent, any Error>, _ position: inout Position) async throws {
        do {
            for try await event in events {
                note(event, &position)
                position.wasCut = false
            }
        } catch let error as KubernetesError
            where error.code == .unreachable && position.version != nil && !position.wasCut
        {
            position.wasCut = true
        }
    }

    private func note(_ event: WatchEvent, _ position: inout Position) {
        switch event {
        case .changed(let object):
            cache.note(changed: object)
            advance(&position, to: object)
        case .deleted(let object):
            cache.note(gone: object)
            advance(&position, to: object)
        case .bookmark(let version): position.version = version
        case .listed(let version):
            position.version = version
            cache.endList()
        }
    }

    /// Objects of the list are in no order: only those of the watch say how far it is.
    private func advance(_ position: inout Position, to object: JSONValue) {
        guard position.version != nil, let version = object["metadata", "resourceVersion"]?.string else { return }
        position.version = version
    }
}
