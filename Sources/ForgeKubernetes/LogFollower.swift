// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeKubernetesClient
import ForgeKubernetesObjects
import ForgeModel

/// Follows the logs of an app's pods for one reader: one request per container that runs, none while nothing is written.
struct LogFollower: Sendable {
    typealias Continuation = AsyncThrowingStream<LogLine, any Error>.Continuation

    private let query: LogQuery
    private let cluster: KubernetesCluster
    private let reader: Continuation
    /// Ends when the reader is gone.
    private let gone: AsyncStream<Never>

    init(_ query: LogQuery, of cluster: KubernetesCluster, _ reader: Continuation) {
        self.query = query
        self.cluster = cluster
        self.reader = reader
        let (gone, continuation) = AsyncStream.makeStream(of: Never.self)
        self.gone = gone
        reader.onTermination = { _ in continuation.finish() }
    }

    /// Ends the reader's lines.
    func finish() { reader.finish() }

    /// Follows until the reader is gone or the task is cancelled.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    try await follow()
                    reader.finish()
                } catch {
                    reader.finish(throwing: error)
                }
            }
            group.addTask { for await _ in gone {} }
            await group.next()
            group.cancelAll()
        }
    }

    /// Lines of several pods in the order in which they were written.
    static func merged(_ lines: [String: [StampedLine]], of pods: [CachedObject]) -> [LogLine] {
        pods.flatMap { pod in (lines[pod.uid] ?? []).map { (line: $0, pod: pod) } }
            .sorted { $0.line.isBefore($1.line) }
            .compactMap { LogLine($0.line, of: $0.pod) }
    }

    private func follow() async throws {
        // Before the first look: a pod that comes in between is told.
        let changes = cluster.changes()
        let pods = try cluster.pods(for: query)
        let lines = try await cluster.newest(query.tail, of: pods)
        for line in Self.merged(lines, of: pods).suffix(query.tail) { try await give(line) }
        try await withThrowingDiscardingTaskGroup { group in
            var followed: Set<String> = []
            func begin(_ pod: CachedObject) {
                guard followed.insert(pod.uid).inserted else { return }
                var position = LogPosition()
                for line in lines[pod.uid] ?? [] { position.pass(line) }
                let start = position
                group.addTask { try await follow(pod, from: start) }
            }
            for pod in pods { begin(pod) }
            for await app in changes where app == query.app {
                // Not seeing the cluster ends no reader's patience.
                for pod in (try? cluster.pods(for: query)) ?? [] { begin(pod) }
            }
        }
    }

    /// Follows one pod's container through its runs, until the pod is gone.
    private func follow(_ pod: CachedObject, from start: LogPosition) async throws {
        var position = start
        var finished: Int?
        while let now = cluster.pod(pod) {
            let container = now.content.facts.pod?.containers.last
            // The run that was read to its end is not read again; whether it ended, the next facts tell.
            if let container, container.hasRun, container.ends != finished || container.state == .running {
                let isRunning = container.state == .running
                if try await read(pod, container.name, &position), !isRunning { finished = container.ends }
            }
            try await Task.sleep(for: .milliseconds(300))
        }
    }

    /// Reads what follows of one run; returns whether the server has ended the log by itself.
    private func read(_ pod: CachedObject, _ container: String, _ position: inout LogPosition) async throws -> Bool {
        var filter = position.resume()
        do {
            let log = cluster.client.logs(
                namespace: pod.key.namespace ?? "",
                pod: pod.key.name,
                container: container,
                follow: true,
                timestamps: true,
                sinceTime: position.second
            )
            for try await text in log {
                guard let line = StampedLine(text), filter.isNew(line) else { continue }
                position.pass(line)
                if let line = LogLine(line, of: pod) { try await give(line) }
            }
            return true
        } catch is KubernetesError {
            // Cut, gone, or between two runs: the facts say what to do.
            try Task.checkCancellation()
            return false
        }
    }

    /// Hands a line to the reader, and waits while it has too many to read.
    private func give(_ line: LogLine) async throws {
        while true {
            try Task.checkCancellation()
            switch reader.yield(line) {
            case .dropped: try await Task.sleep(for: .milliseconds(50))
            case .terminated: throw CancellationError()
            default: return
            }
        }
    }
}
