// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import Glibc
import Synchronization

/// Connects the links of a pool. What one of them learns of the server holds for all: when it was there, its absence is
/// taken for a restart first, and for an outage only when it lasts (specs/storage.md §1).
final class RedisConnector: Sendable {
    /// How long a server that was there is looked for again.
    private static let patience = Duration.seconds(3)
    /// Microseconds between two attempts.
    private static let pause: UInt32 = 100_000

    /// Where the server is.
    let settings: RedisSettings
    private let wasThere = Mutex(false)

    /// Does not connect yet.
    init(_ settings: RedisSettings) { self.settings = settings }

    /// A connection to a server that takes commands. Nothing was sent yet, so trying again is safe. Blocks.
    func connect() throws(StoreError) -> RedisConnection {
        let deadline = ContinuousClock.now + Self.patience
        while true {
            do throws(StoreError) {
                let connection = try open()
                wasThere.withLock { $0 = true }
                return connection
            } catch {
                guard wasThere.withLock({ $0 }), ContinuousClock.now < deadline else {
                    wasThere.withLock { $0 = false }
                    throw error
                }
                usleep(Self.pause)
            }
        }
    }

    /// Connects once. While a server loads its data it accepts connections, and refuses every command.
    private func open() throws(StoreError) -> RedisConnection {
        let connection = try RedisConnection(settings)
        if case .error(let text) = try connection.command(["PING"]), text.hasPrefix("LOADING") {
            throw .refusal(text, by: settings.address, keys: [])
        }
        return connection
    }
}
