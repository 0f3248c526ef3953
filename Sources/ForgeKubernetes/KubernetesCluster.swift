// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
package import ForgeKubernetesClient
import ForgeKubernetesObjects
package import ForgeModel
package import Logging
import Synchronization

/// A Kubernetes cluster, seen through watches and changed by server-side apply (specs/kubernetes.md).
///
/// It keeps no state of its own: what is in memory is what the cluster said last. `run()` has to run beside it, once; until
/// every kind has been listed, the cluster is unknown.
package final class KubernetesCluster: Cluster, Sendable {
    let settings: KubernetesSettings
    let client: KubernetesClient
    let logger: Logger
    let hub = ChangeHub()
    let builds = Mutex(BuildQueue())
    let outputs: FailureOutputs
    let acceptances = Acceptances()
    let followers = LogDesk()
    private let state = Mutex(State())

    private struct State {
        var connection: Connection?
        /// Why there is no connection yet.
        var fault = "the cluster has not been asked yet"
        /// Whether all could be seen when it was last looked.
        var isSynced = false
    }

    /// Does nothing yet: the cluster is first called by `run()`.
    package init(settings: KubernetesSettings, client: KubernetesClient, logger: Logger) {
        self.settings = settings
        self.client = client
        self.logger = logger
        outputs = FailureOutputs(client: client)
    }

    /// Kubernetes' words for units, in the versions that the cluster serves; until it was asked, those of a current one.
    package var dialect: any Dialect { spelling }

    /// The same, with what only this adapter asks it.
    var spelling: KubernetesDialect {
        KubernetesDialect(
            settings.naming,
            versions: state.withLock { $0.connection?.versions } ?? KubernetesVersions.current
        )
    }

    /// Hints from watches.
    package func changes() -> AsyncStream<AppName> { hub.listen() }

    // MARK: The connection

    /// What is known of the cluster; throws while it has not answered once.
    func connection() throws -> Connection {
        try state.withLock { state in
            guard let connection = state.connection else { throw ClusterError(.unreachable, state.fault) }
            return connection
        }
    }

    /// Notes that the cluster has answered.
    func connect(_ connection: Connection) { state.withLock { $0.connection = connection } }

    /// Notes why it has not.
    func note(fault: String) { state.withLock { $0.fault = fault } }

    /// Tells listeners of a change. When all can be seen again, every app is worth a look.
    func changed(_ apps: Set<AppName>) {
        let connection = state.withLock { $0.connection }
        guard let connection else { return }
        let isSynced = connection.caches.allSatisfy { $0.sync == .synced }
        let isNew = state.withLock { state in
            defer { state.isSynced = isSynced }
            return isSynced && !state.isSynced
        }
        let everyone = isNew ? Set(connection.caches.flatMap(\.apps)) : []
        for app in apps.union(everyone) { hub.hint(app) }
    }
}
