// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeModel
import Testing

/// What every `StateStore` must do, whatever it keeps its state in; each rule begins with an empty store.
struct StateStoreContract: Sendable, CustomTestStringConvertible {
    let name: String
    let check: @Sendable (any StateStore) async throws -> Void

    var testDescription: String { name }

    init(_ name: String, _ check: @escaping @Sendable (any StateStore) async throws -> Void) {
        self.name = name
        self.check = check
    }

    static let rules = desiredRules + recordRules + leaseRules + readySetRules + eventRules + tokenRules
}
