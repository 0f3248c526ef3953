// SPDX-License-Identifier: Apache-2.0

package import ForgeEngine
package import ForgeModel

extension PodmanCluster {
    /// The newest lines of an app's containers, in the order in which they were written, and then those that follow.
    package func logs(_ query: LogQuery) -> AsyncThrowingStream<LogLine, any Error> {
        let reader = LogReader(query, of: self)
        return AsyncThrowingStream { try await reader.next() }
    }

    /// The output of a phase: waits for its container, and ends when that has ended and every line was given, or when
    /// it can never come because a phase before it failed.
    package func output(of task: ClusterTask, phase: Int) -> AsyncThrowingStream<String, any Error> {
        let reader = PhaseOutput(task, phase: phase, of: self)
        return AsyncThrowingStream { try await reader.next() }
    }

    /// The containers whose logs a query asks for.
    func instances(for query: LogQuery) async throws -> [Instance] {
        var labels = [owner, (Label.app, query.app.text)]
        if let process = query.process { labels.append((Label.process, process.text)) }
        return try await client.details(labels).compactMap { Instance($0) }
    }
}

/// Merges the logs of an app's containers. An actor because a stream may be asked from several tasks.
private actor LogReader {
    private let query: LogQuery
    private let cluster: PodmanCluster
    private var logs: [String: (instance: Instance, log: ContainerLog)] = [:]
    /// Lines to give, oldest first, from `given` on.
    private var ready: ArraySlice<LogLine> = []
    private var looked: ContinuousClock.Instant?

    init(_ query: LogQuery, of cluster: PodmanCluster) {
        self.query = query
        self.cluster = cluster
    }

    func next() async throws -> LogLine? {
        if looked == nil {
            try await look()
            ready = ArraySlice(collect().suffix(query.tail))
        }
        while ready.isEmpty {
            guard query.follow else { return nil }
            // Ends with the task that reads.
            try await Task.sleep(for: .milliseconds(200))
            if let looked, .now - looked >= .seconds(1) { try await look() }
            ready = ArraySlice(collect())
        }
        return ready.popFirst()
    }

    /// Looks for containers. Those that come later are read from their start.
    private func look() async throws {
        let isFirst = looked == nil
        let instances = try await cluster.instances(for: query)
        looked = .now
        for instance in instances where logs[instance.id] == nil {
            let log = ContainerLog(path: instance.logPath)
            if isFirst { log.skip(toLast: query.tail) }
            logs[instance.id] = (instance, log)
        }
        // A removed container's file is read to its end once more before it is forgotten.
        let ids = Set(instances.map(\.id))
        for (id, entry) in logs where !ids.contains(id) {
            ready += lines(of: entry.instance, entry.log).map(\.line)
            logs[id] = nil
        }
    }

    /// All that was written since the last call, in order of time.
    private func collect() -> [LogLine] {
        let kept = Array(ready)
        return kept
            + logs.values.flatMap { lines(of: $0.instance, $0.log) }.sorted { $0.at < $1.at }.map(\.line)
    }

    private func lines(of instance: Instance, _ log: ContainerLog) -> [(at: Moment, line: LogLine)] {
        log.newLines().map { line in
            let text = LogLine(
                at: line.at.timestamp,
                process: instance.process,
                instance: instance.shortName,
                text: line.text
            )
            return (line.at, text)
        }
    }
}

/// Follows the output of one phase.
private actor PhaseOutput {
    private let task: ClusterTask
    private let phase: Int
    private let cluster: PodmanCluster
    private var log: ContainerLog?
    private var isOver = false
    private var ready: ArraySlice<String> = []

    init(_ task: ClusterTask, phase: Int, of cluster: PodmanCluster) {
        self.task = task
        self.phase = phase
        self.cluster = cluster
    }

    func next() async throws -> String? {
        while ready.isEmpty {
            // Asked before reading: what was written before the end was seen is read after it.
            let wasOver = isOver
            if let lines = log?.nextLines() {
                ready = ArraySlice(lines.map(\.text))
                try Task.checkCancellation()
            } else if wasOver {
                return nil
            } else if try await !look() {
                try await Task.sleep(for: .milliseconds(200))
            }
        }
        return ready.popFirst()
    }

    /// Looks how the phase is; returns whether it is over.
    private func look() async throws -> Bool {
        let containers = try await cluster.phases(of: task.name, task.app)
        if let container = containers[phase] {
            if log == nil { log = ContainerLog(path: container.logPath) }
            isOver = container.isOver
        } else {
            // Removed after it was seen, or never to come.
            isOver = log != nil || containers.values.contains { $0.index < phase && $0.failure != nil }
        }
        return isOver
    }
}
