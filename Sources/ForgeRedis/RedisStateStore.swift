// SPDX-License-Identifier: Apache-2.0

import ForgeEngine

/// The state of the platform in Redis, as specs/storage.md lays it out.
///
/// It connects when it is first used, and again after every failure: each call that finds no server throws
/// `StoreError.unavailable`, where there was one after 3 seconds, and the next call tries anew. After that error a change
/// may or may not have been made, unless the connection was refused.
package final class RedisStateStore: StateStore {
    let pool: RedisPool
    let listeners: Listeners

    /// Does not connect yet.
    package init(_ settings: RedisSettings) {
        pool = RedisPool(settings)
        listeners = Listeners(settings)
    }

    deinit { listeners.stop() }
}
