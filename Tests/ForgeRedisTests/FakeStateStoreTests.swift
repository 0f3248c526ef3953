// SPDX-License-Identifier: Apache-2.0

import ForgeTesting
import Testing

@Suite struct FakeStateStoreTests {
    @Test(arguments: StateStoreContract.rules)
    func keepsTheContract(_ rule: StateStoreContract) async throws {
        try await rule.check(FakeStateStore())
    }
}
