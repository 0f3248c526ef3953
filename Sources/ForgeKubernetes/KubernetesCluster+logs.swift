// SPDX-License-Identifier: Apache-2.0

package import ForgeEngine
import ForgeKubernetesClient
import ForgeKubernetesObjects
import ForgeModel

extension KubernetesCluster {
    /// How many logs are read at once for one question.
    private static let atOnce = 8

    /// The newest lines of an app's pods, in the order in which they were written, and then those that follow.
    package func logs(_ query: LogQuery) -> AsyncThrowingStream<LogLine, any Error> {
        guard query.follow else {
            let newest = NewestLines(query, of: self)
            return AsyncThrowingStream { try await newest.next() }
        }
        let (lines, continuation) = AsyncThrowingStream.makeStream(
            of: LogLine.self,
            bufferingPolicy: .bufferingOldest(256)
        )
        followers.take(LogFollower(query, of: self, continuation))
        return lines
    }

    /// The pods whose logs a query asks for, as they are known now.
    func pods(for query: LogQuery) throws -> [CachedObject] {
        let connection = try connection()
        try connection.require([.pod])
        let pods = connection.cache(.pod, settings.naming.appsNamespace)?.objects(of: query.app) ?? []
        return pods.filter { pod in
            guard let process = pod.content.process, pod.content.task == nil else { return false }
            return query.process == nil || process == query.process
        }
    }

    /// A pod, as long as it is the same one.
    func pod(_ pod: CachedObject) -> CachedObject? {
        guard let cache = try? connection().cache(.pod, pod.key.namespace), let now = cache.object(named: pod.key.name),
            now.uid == pod.uid
        else { return nil }
        return now
    }

    /// The newest lines of some pods, by uid; a pod that has written nothing yet has none.
    func newest(_ count: Int, of pods: [CachedObject]) async throws -> [String: [StampedLine]] {
        try await withThrowingTaskGroup(of: (String, [StampedLine]).self) { group in
            var lines: [String: [StampedLine]] = [:]
            var waiting = pods[...]
            while let pod = waiting.popFirst() {
                if waiting.count < pods.count - Self.atOnce, let (uid, some) = try await group.next() {
                    lines[uid] = some
                }
                group.addTask { (pod.uid, try await self.newest(count, of: pod)) }
            }
            for try await (uid, some) in group { lines[uid] = some }
            return lines
        }
    }

    private func newest(_ count: Int, of pod: CachedObject) async throws -> [StampedLine] {
        guard let namespace = pod.key.namespace, let container = pod.content.facts.pod?.containers.last,
            container.hasRun
        else { return [] }
        do {
            var lines: [StampedLine] = []
            let log = client.logs(
                namespace: namespace,
                pod: pod.key.name,
                container: container.name,
                tail: count,
                timestamps: true
            )
            for try await line in log {
                if let line = StampedLine(line) { lines.append(line) }
            }
            return lines
        } catch let error as KubernetesError where error.code == .notFound || error.code == .invalid {
            // Gone meanwhile, or its container is between two runs.
            return []
        } catch let error as KubernetesError {
            throw ClusterError(error)
        }
    }
}

extension ContainerFacts {
    /// Whether there may be a log.
    var hasRun: Bool {
        if case .waiting = state { return ends > 0 }
        return true
    }
}

extension LogLine {
    /// A line of a pod; nil for a pod that is no workload's.
    init?(_ line: StampedLine, of pod: CachedObject) {
        guard let process = pod.content.process else { return nil }
        self.init(
            at: line.at.timestamp,
            process: process,
            instance: "\(process).\(pod.key.name.suffix(5))",
            text: line.text
        )
    }
}

/// The newest lines, once. An actor because a stream may be asked from several tasks.
private actor NewestLines {
    private let query: LogQuery
    private let cluster: KubernetesCluster
    private var ready: ArraySlice<LogLine>?

    init(_ query: LogQuery, of cluster: KubernetesCluster) {
        self.query = query
        self.cluster = cluster
    }

    func next() async throws -> LogLine? {
        if ready == nil {
            let pods = try cluster.pods(for: query)
            let lines = try await cluster.newest(query.tail, of: pods)
            ready = ArraySlice(LogFollower.merged(lines, of: pods).suffix(query.tail))
        }
        return ready?.popFirst()
    }
}
