// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeKubernetesClient
import ForgeKubernetesObjects
package import ForgeModel

extension KubernetesCluster {
    /// The output of a phase: waits for its container, and ends when that has ended and every line was given, or when it
    /// can never come because a phase before it failed.
    package func output(of task: ClusterTask, phase: Int) -> AsyncThrowingStream<String, any Error> {
        let output = PhaseOutput(task, phase: phase, of: self)
        return AsyncThrowingStream { try await output.next() }
    }

    /// How a phase's container is; nil before its job is there.
    func container(of task: ClusterTask, phase: Int) throws -> PhaseContainer? {
        let connection = try connection()
        try connection.require([.job, .pod])
        let namespace = settings.naming.namespace(of: task.kind)
        let name = settings.naming.task(task.name, of: task.app)
        guard let job = connection.cache(.job, namespace)?.object(named: name), job.content.task == task.name,
            let facts = job.content.facts.job
        else { return nil }
        guard let pod = pods(of: job, in: connection).first, let told = pod.content.facts.pod,
            let container = told.containers.first(where: { $0.name == task.phases[phase].name })
        else {
            let isOver = facts.hasSucceeded || facts.failure != nil
            return PhaseContainer(pod: nil, namespace: namespace, hasRun: false, isOver: isOver)
        }
        // Only the pod says how its containers are: it is watched apart from the job, and may be seen later.
        var isOver = ["Succeeded", "Failed"].contains(told.phase)
        if case .ended = container.state { isOver = true }
        return PhaseContainer(
            pod: pod.key.name,
            namespace: namespace,
            hasRun: container.hasRun,
            isOver: isOver
        )
    }
}

/// What the output of a phase depends on.
struct PhaseContainer: Hashable, Sendable {
    /// The pod; nil when there is none, or not any more.
    let pod: String?
    let namespace: String
    /// Whether there may be a log.
    let hasRun: Bool
    /// Whether it has ended, or never will run.
    let isOver: Bool
}

/// Follows the output of one phase. An actor because a stream may be asked from several tasks.
private actor PhaseOutput {
    private let task: ClusterTask
    private let phase: Int
    private let cluster: KubernetesCluster
    private var log: AsyncThrowingStream<String, any Error>.Iterator?
    /// How many lines were given, over all requests.
    private var given = 0
    /// How many lines of the present request were given before.
    private var skipped = 0
    /// Whether the present request was made after the container had ended: then it gives all there is.
    private var isLast = false
    private var wasThere = false

    init(_ task: ClusterTask, phase: Int, of cluster: KubernetesCluster) {
        self.task = task
        self.phase = phase
        self.cluster = cluster
    }

    func next() async throws -> String? {
        while true {
            try Task.checkCancellation()
            if log != nil {
                if let line = try await nextLine() { return line }
                log = nil
                if isLast { return nil }
            }
            if try !look() { return nil }
            if log == nil { try await Task.sleep(for: .milliseconds(200)) }
        }
    }

    /// The next line that was not given before; nil when the server has ended the log, or was cut off.
    private func nextLine() async throws -> String? {
        while var iterator = log {
            log = nil
            do {
                guard let line = try await iterator.next(isolation: self) else { return nil }
                log = iterator
                if skipped > 0 {
                    skipped -= 1
                    continue
                }
                given += 1
                return line
            } catch let error as KubernetesError {
                // A pod that is gone gives no more; everything else is tried again.
                isLast = error.code == .notFound
                return nil
            }
        }
        return nil
    }

    /// Asks for the log when there may be one; returns whether it is worth waiting.
    private func look() throws -> Bool {
        guard let container = try cluster.container(of: task, phase: phase) else { return !wasThere }
        wasThere = true
        guard let pod = container.pod, container.hasRun else { return !container.isOver }
        isLast = container.isOver
        skipped = given
        log = cluster.client.logs(
            namespace: container.namespace,
            pod: pod,
            container: task.phases[phase].name,
            follow: !container.isOver
        )
        .makeAsyncIterator()
        return true
    }
}
