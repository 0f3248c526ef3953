// SPDX-License-Identifier: Apache-2.0

import Dispatch

/// Lets a server's thread wait for the test.
struct Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func wait() {
        semaphore.wait()
    }

    func open() {
        semaphore.signal()
    }
}
