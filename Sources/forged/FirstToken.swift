// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeServer
import Logging
import ServiceLifecycle

/// Makes the token of the platform's Secret known to the store, as soon as that answers: nobody is let in before.
struct FirstToken: Service {
    let store: any StateStore
    let secret: String?
    let logger: Logger

    func run() async throws {
        guard let secret else {
            logger.warning("there is no first token; those that the store knows hold")
            try? await gracefulShutdown()
            return
        }
        try? await cancelWhenGracefulShutdown {
            while true {
                do {
                    try await AdminToken.set(BearerToken(secret: secret), in: store)
                    return
                } catch {
                    logger.warning("the store does not take the first token yet", metadata: ["error": "\(error)"])
                    try await Task.sleep(for: .seconds(1))
                }
            }
        }
        try? await gracefulShutdown()
    }
}
