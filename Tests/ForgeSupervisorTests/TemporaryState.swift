// SPDX-License-Identifier: Apache-2.0

import Foundation

@testable import ForgeSupervisor

/// A state folder that is removed at the end, with everything that a test may have left in it.
struct TemporaryState: ~Copyable {
    let folder: StateFolder

    init() throws { folder = try StateFolder("/tmp/forge-test-\(RandomText.hexadecimal(bytes: 6))") }

    deinit {
        try? FileManager.default.removeItem(atPath: folder.path)
        try? FileManager.default.removeItem(atPath: PodmanService.runFolder(of: folder))
    }
}

/// Waits until something has come true, for as long as a slow machine may need.
func eventually(_ what: String, within patience: Duration = .seconds(60), _ body: () async throws -> Bool) async throws
{
    let deadline = ContinuousClock.now + patience
    while try await !body() {
        guard ContinuousClock.now < deadline else { throw Late(what: what) }
        try await Task.sleep(for: .milliseconds(25))
    }
}

/// What did not come true.
struct Late: Error { let what: String }
