// SPDX-License-Identifier: Apache-2.0

import Dispatch

/// A serial executor over a dispatch queue: blocking system calls stay off the threads that Swift's tasks share.
final class BlockingQueue: SerialExecutor {
    private let queue: DispatchQueue

    init(label: String) { queue = DispatchQueue(label: label) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
