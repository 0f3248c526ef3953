// SPDX-License-Identifier: Apache-2.0

import ForgeJSON
import ForgeKubernetesClient
import ForgeKubernetesObjects
import ForgeModel
import ForgeTesting
import Testing

@testable import ForgeKubernetes

/// How a cache gets through what servers and networks do to watches; the server is a script, for only that can be late
/// and early at will.
@Suite struct ReflectorTests {
    /// Answers one call after the other.
    private final class ScriptedSource: ObjectSource {
        enum Answer: Sendable {
            case events([WatchEvent])
            case fault(KubernetesError.Code, after: [WatchEvent] = [])
            /// Never ends.
            case silence(after: [WatchEvent] = [])
        }

        private let answers: Shared<[Answer]>
        /// Streams whose continuation is gone end.
        private let silent = Shared<[AsyncThrowingStream<WatchEvent, any Error>.Continuation]>([])
        let calls = Shared<[String]>([])

        init(_ answers: [Answer]) { self.answers = Shared(answers) }

        func follow(_ resource: APIResource, namespace: String?, labels: String?, isStreamed: Bool)
            -> AsyncThrowingStream<WatchEvent, any Error>
        { answer("list") }

        func watch(_ resource: APIResource, namespace: String?, labels: String?, from resourceVersion: String)
            -> AsyncThrowingStream<WatchEvent, any Error>
        { answer("watch \(resourceVersion)") }

        private func answer(_ call: String) -> AsyncThrowingStream<WatchEvent, any Error> {
            calls.update { $0.append(call) }
            let next = answers.value.first ?? .silence()
            answers.update { $0 = Array($0.dropFirst()) }
            let (stream, continuation) = AsyncThrowingStream.makeStream(of: WatchEvent.self)
            switch next {
            case .events(let events):
                for event in events { continuation.yield(event) }
                continuation.finish()
            case .fault(let code, let events):
                for event in events { continuation.yield(event) }
                continuation.finish(throwing: KubernetesError(code, "a fault of the test"))
            case .silence(let events):
                for event in events { continuation.yield(event) }
                silent.update { $0.append(continuation) }
            }
            return stream
        }
    }

    private func object(_ name: String, _ version: String) -> JSONValue {
        [
            "kind": "ServiceAccount",
            "metadata": [
                "name": .string(name), "namespace": "apps", "uid": .string("u-\(name)"),
                "resourceVersion": .string(version), "labels": .object([KubernetesLabel.app: .string("shop")]),
            ],
        ]
    }

    private func list(_ version: String, _ names: String...) -> [WatchEvent] {
        names.map { .changed(object($0, "1")) } + [.listed(resourceVersion: version)]
    }

    /// Runs a reflector through a script, until the cache is as expected.
    private func run(
        _ answers: [ScriptedSource.Answer],
        until isDone: @Sendable (ResourceCache, [String]) -> Bool
    ) async throws -> (calls: [String], pauses: [Int], cache: ResourceCache) {
        let source = ScriptedSource(answers)
        let cache = ResourceCache(Resources.serviceAccount, namespace: "apps") { _ in }
        let pauses = Shared<[Int]>([])
        let reflector = Reflector(cache: cache, source: source, labels: "") { pause in
            pauses.update { $0.append(pause) }
            try Task.checkCancellation()
            await Task.yield()
        }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await reflector.run() }
            defer { group.cancelAll() }
            try await eventually("the script is through: \(source.calls.value)") {
                isDone(cache, source.calls.value)
            }
            return (source.calls.value, pauses.value, cache)
        }
    }

    private func names(_ cache: ResourceCache) -> [String] { cache.objects.map(\.key.name).sorted() }

    @Test func `a watch that the server ends goes on from its last event`() async throws {
        let (calls, _, cache) = try await run([
            .events(list("10", "a") + [.changed(object("b", "12"))]),
            .events([.bookmark("20")]),
            .silence(after: [.deleted(object("a", "21"))]),
        ]) { cache, _ in names(cache) == ["b"] }
        #expect(calls == ["list", "watch 12", "watch 20"])
        #expect(cache.sync == .synced)
    }

    @Test func `a watch that is cut goes on without a list, once`() async throws {
        let (calls, _, _) = try await run([
            .fault(.unreachable, after: list("10", "a")),
            .fault(.unreachable, after: [.changed(object("b", "11"))]),
            .silence(after: [.changed(object("c", "12"))]),
        ]) { cache, _ in names(cache) == ["a", "b", "c"] }
        #expect(calls == ["list", "watch 10", "watch 11"])
    }

    @Test func `a server that is gone makes the kind unknown until it is listed again`() async throws {
        let (calls, pauses, _) = try await run([
            .fault(.unreachable, after: list("10", "a")), .fault(.unreachable), .fault(.unreachable),
            .silence(after: list("30", "b")),
        ]) { cache, _ in names(cache) == ["b"] }
        #expect(calls == ["list", "watch 10", "list", "list"])
        #expect(pauses.count == 2 && pauses.allSatisfy { $0 > 0 })
    }

    @Test func `while the server is gone the kind is unknown, and says why`() async throws {
        let (_, _, cache) = try await run([
            .fault(.unreachable, after: list("10", "a")), .fault(.unreachable), .silence(),
        ]) { cache, _ in cache.sync != .synced && cache.sync != .unsynced }
        #expect(cache.sync == .failed("a fault of the test"))
        #expect(cache.unknown == "serviceaccounts in apps cannot be seen: a fault of the test")
    }

    @Test func `too old a version leads to a list, and what is known stays known meanwhile`() async throws {
        // The third call, the new list, never ends here.
        let (_, pauses, cache) = try await run([
            .events(list("10", "a")), .fault(.gone), .silence(after: [.changed(object("b", "1"))]),
        ]) { _, calls in calls.count == 3 }
        #expect(cache.sync == .synced && names(cache) == ["a"] && pauses.count == 1)
        let (calls, _, after) = try await run([
            .events(list("10", "a")), .fault(.gone), .silence(after: list("50", "b")),
        ]) { cache, _ in names(cache) == ["b"] }
        #expect(calls == ["list", "watch 10", "list"])
        #expect(after.sync == .synced)
    }

    @Test func `a kind that may not be read is unknown by name, and is asked for again`() async throws {
        let (calls, _, _) = try await run([.fault(.forbidden), .fault(.forbidden), .silence(after: list("5", "a"))]) {
            cache,
            _ in
            names(cache) == ["a"]
        }
        #expect(calls == ["list", "list", "list"])
        let (_, _, cache) = try await run([.fault(.forbidden), .silence()]) { cache, _ in cache.sync != .unsynced }
        #expect(cache.sync == .forbidden("a fault of the test"))
    }

    @Test func `a list without an end is no list`() async throws {
        let (_, _, cache) = try await run([.events([.changed(object("a", "1"))]), .silence()]) { cache, _ in
            cache.sync != .unsynced
        }
        #expect(cache.objects.isEmpty && cache.sync != .synced)
    }

    @Test func `pauses double to a limit, vary, and start over after a healthy watch`() {
        var backoff = RelistBackoff()
        let longest = (0..<8).map { _ in backoff.pause(after: .zero, chance: 1) }
        #expect(longest == [800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000])
        #expect(backoff.pause(after: .zero, chance: 0) == 15_000)
        #expect(backoff.pause(after: .seconds(120), chance: 1) == 800)
    }
}
