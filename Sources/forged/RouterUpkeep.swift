// SPDX-License-Identifier: Apache-2.0

import ForgeRouter
import Logging
import ServiceLifecycle

/// Keeps nginx at the routing table, also when nginx was started anew.
struct RouterUpkeep: Service {
    let router: NginxRouter
    let logger: Logger

    func run() async throws {
        try? await cancelWhenGracefulShutdown { try await router.keepCurrent(logger: logger) }
    }
}
