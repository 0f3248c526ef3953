// SPDX-License-Identifier: Apache-2.0

import ForgeKubernetesClient
import ForgeKubernetesObjects
import ForgeModel
import Synchronization

/// The last lines of containers that failed, each fetched once: a failure that is looked at again and again costs one
/// request.
final class FailureOutputs: Sendable {
    /// One run of one container.
    struct Run: Hashable, Sendable {
        /// The pod's uid.
        let pod: String
        let container: String
        /// How often it had ended: the same container says something else next time.
        let ends: Int
    }

    /// How many lines a failure shows.
    private static let lines = 50
    /// How many failures are remembered, the newest ones.
    private static let limit = 256

    private let client: KubernetesClient
    private let known = Mutex<[(run: Run, lines: [String])]>([])

    init(client: KubernetesClient) { self.client = client }

    /// The last lines of a run, oldest first; none when they cannot be had, for instance because the pod is gone.
    func lines(of run: Run, _ source: LogSource, in namespace: String) async -> [String] {
        if let lines = known.withLock({ $0.first { $0.run == run }?.lines }) { return lines }
        var lines: [String] = []
        do {
            let log = client.logs(
                namespace: namespace,
                pod: source.pod,
                container: source.container,
                tail: Self.lines,
                previous: source.isPrevious
            )
            for try await line in log { lines.append(line) }
        } catch {
            return []
        }
        let found = lines
        known.withLock { known in
            known.append((run, found))
            if known.count > Self.limit { known.removeFirst() }
        }
        return found
    }
}
