// SPDX-License-Identifier: Apache-2.0

import ForgePodman
import Logging
import ServiceLifecycle

/// Takes away what is left of the apps' networks once everything else has stopped: the packet filter rule between them
/// and a name server that serves nobody. It comes first, so it ends last.
struct IsolationCleanup: Service {
    let instance: String
    let logger: Logger

    func run() async throws {
        try? await gracefulShutdown()
        IdleNameServer.end()
        do {
            try await NetworkIsolation(instance: instance).remove()
        } catch {
            logger.warning("the packet filter rule between apps is still there", metadata: ["error": "\(error)"])
        }
    }
}
