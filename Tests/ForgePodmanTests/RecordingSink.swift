// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import Synchronization

/// A router that only remembers.
final class RecordingSink: EndpointSink {
    private let state = Mutex<(table: [String: [Endpoint]], history: [[String: [Endpoint]]])>(([:], []))

    func publish(_ endpoints: [String: [Endpoint]]) async throws {
        state.withLock { state in
            state.table.merge(endpoints) { $1 }
            state.history.append(endpoints)
        }
    }

    /// Where a service answers now.
    func endpoints(_ service: String) -> [Endpoint] { state.withLock { $0.table[service] ?? [] } }
    /// Every list that was published for a service, in order.
    func history(_ service: String) -> [[Endpoint]] { state.withLock { $0.history.compactMap { $0[service] } } }
}
