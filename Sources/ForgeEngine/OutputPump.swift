// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import Logging
import Synchronization

/// Copies what tasks print into the event streams of their apps, while they run and whatever is missing at their end.
///
/// The store takes each line once, by its index, so following the same phase again after a crash adds nothing twice.
final class OutputPump: Sendable {
    private struct Source: Hashable, Sendable {
        let task: ClusterTask
        let phase: Int
        let step: String
    }

    private let cluster: any Cluster
    private let store: any StateStore
    private let clock: WallClock
    private let logger: Logger
    private let followed = Mutex<Set<Source>>([])
    private let requests: AsyncStream<Source>
    private let continuation: AsyncStream<Source>.Continuation

    /// Lines are written together when they come faster than this many milliseconds apart.
    private static let pause = 100
    /// No more lines than this are held back.
    private static let batch = 100

    init(cluster: any Cluster, store: any StateStore, clock: WallClock, logger: Logger) {
        self.cluster = cluster
        self.store = store
        self.clock = clock
        self.logger = logger
        (requests, continuation) = AsyncStream.makeStream()
    }

    /// Follows a phase that runs, unless it is followed already.
    func follow(_ task: ClusterTask, phase: String, step: String) {
        guard let index = task.phases.firstIndex(where: { $0.name == phase }) else { return }
        let source = Source(task: task, phase: index, step: step)
        guard followed.withLock({ $0.insert(source).inserted }) else { return }
        continuation.yield(source)
    }

    /// Copies whatever is missing of a task that has ended; gives what a build reported of its image.
    @discardableResult
    func drain(_ task: ClusterTask, step: String) async -> BuildReport? {
        var report: BuildReport?
        for index in task.phases.indices {
            report = await copy(Source(task: task, phase: index, step: step)) ?? report
        }
        return report
    }

    /// Follows what is asked for, until it is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            for await source in requests {
                group.addTask {
                    _ = await self.copy(source)
                    _ = self.followed.withLock { $0.remove(source) }
                }
            }
        }
    }

    private func copy(_ source: Source) async -> BuildReport? {
        var report: BuildReport?
        var lines: [String] = []
        var written = 0
        var last = Timestamp(number: 0)
        do {
            for try await line in cluster.output(of: source.task, phase: source.phase) {
                if line.hasPrefix(BuildReport.marker) {
                    report = BuildReport(line.dropFirst(BuildReport.marker.count))
                    continue
                }
                lines.append(line)
                let now = clock.now()
                guard now.number - last.number >= Self.pause || lines.count >= Self.batch else { continue }
                try await write(lines, first: written, source)
                written += lines.count
                lines = []
                last = now
            }
            try await write(lines, first: written, source)
        } catch {
            logger.debug("output was not copied", metadata: ["task": "\(source.task.name)", "error": "\(error)"])
        }
        return report
    }

    private func write(_ lines: [String], first: Int, _ source: Source) async throws {
        guard !lines.isEmpty else { return }
        try await store.append(
            lines,
            first: first,
            phase: source.phase,
            task: source.task,
            step: source.step,
            at: clock.now()
        )
    }
}
