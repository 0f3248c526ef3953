// SPDX-License-Identifier: Apache-2.0
package import ForgeModel

/// What is under way for one generation; written before each effect, so that a crash loses nothing (specs/states.md §4).
package struct Journal: Hashable, Sendable, Codable {
    /// One step that has begun.
    package struct Entry: Hashable, Sendable, Codable {
        /// The step's identity.
        package let step: String
        /// When it began.
        package let startedAt: Timestamp
        /// When it ended well; nil while it is under way.
        package var doneAt: Timestamp?
        /// What was last said of it, so that progress is said once.
        package var detail: String?

        /// Opens an entry.
        package init(step: String, startedAt: Timestamp) {
            self.step = step
            self.startedAt = startedAt
        }
    }

    /// The generation.
    package let generation: Generation
    /// The fingerprint of the newest plan that was shown for it.
    package var plan: Digest?
    /// The steps that began, oldest first.
    package var entries: [Entry]
    /// The tasks that were started, so that they can be found and removed.
    package var tasks: [ClusterTask]
    /// Consecutive passing faults; bounds the back-off.
    package var attempts: Int

    /// Opens the journal of a generation.
    package init(generation: Generation) {
        self.generation = generation
        entries = []
        tasks = []
        attempts = 0
    }

    /// The open entry of a step.
    package func open(_ step: String) -> Entry? { entries.last { $0.step == step && $0.doneAt == nil } }
}
