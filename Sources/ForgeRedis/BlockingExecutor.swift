// SPDX-License-Identifier: Apache-2.0

import Dispatch

/// Runs an actor's jobs on a serial queue of its own, so that a blocking C call never holds a thread of the
/// cooperative pool.
final class BlockingExecutor: SerialExecutor {
    private let queue: DispatchQueue

    /// Makes the queue; the label is what debuggers show.
    init(label: String) { queue = DispatchQueue(label: label) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
