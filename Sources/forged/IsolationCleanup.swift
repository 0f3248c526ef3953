// SPDX-License-Identifier: Apache-2.0

import ForgePodman
import Logging
import ServiceLifecycle

/// Takes the packet filter rule between apps away once everything else has stopped: it comes first, so it ends last.
struct IsolationCleanup: Service {
    let instance: String
    let logger: Logger

    func run() async throws {
        try? await gracefulShutdown()
        do {
            try await NetworkIsolation(instance: instance).remove()
        } catch {
            logger.warning("the packet filter rule between apps is still there", metadata: ["error": "\(error)"])
        }
    }
}
