// SPDX-License-Identifier: Apache-2.0

import Foundation

@testable import ForgeSupervisor

/// A state folder that is removed at the end, with everything that a test may have left in it.
struct TemporaryState: ~Copyable {
    let folder: StateFolder

    init() throws { folder = try StateFolder("/tmp/forge-test-\(RandomText.hexadecimal(bytes: 6))") }

    deinit { try? FileManager.default.removeItem(atPath: folder.path) }
}
