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
    /// The release number that it was given, once there was something to number.
    package var release: ReleaseNumber?
    /// The identities of the steps that were shown; a plan with others is shown too.
    package var announced: [String]
    /// The steps that began, oldest first.
    package var entries: [Entry]
    /// The tasks that were started, so that they can be found and removed.
    package var tasks: [ClusterTask]
    /// Consecutive passing faults; bounds the back-off.
    package var attempts: Int

    /// Opens the journal of a generation.
    package init(generation: Generation) {
        self.generation = generation
        announced = []
        entries = []
        tasks = []
        attempts = 0
    }

    /// The open entry of a step.
    func open(_ step: String) -> Entry? { entries.last { $0.step == step && $0.doneAt == nil } }

    /// The steps that must not run again: what they did cannot be seen in the world.
    var doneOnce: Set<String> {
        Set(entries.filter { $0.doneAt != nil && Self.unseen.contains($0.step) }.map(\.step))
    }

    private static let unseen: Set<String> = ["release", "record", "prune/app"]

    /// Opens a step, unless it is open; gives when it began.
    mutating func begin(_ step: String, at now: Timestamp) -> Timestamp {
        if let entry = open(step) { return entry.startedAt }
        entries.append(Entry(step: step, startedAt: now))
        return now
    }

    /// Closes a step.
    mutating func end(_ step: String, at now: Timestamp) {
        guard let index = entries.lastIndex(where: { $0.step == step && $0.doneAt == nil }) else { return }
        entries[index].doneAt = now
    }

    /// Notes what was said of an open step; false when it was the same before.
    mutating func say(_ detail: String, of step: String) -> Bool {
        guard let index = entries.lastIndex(where: { $0.step == step && $0.doneAt == nil }),
            entries[index].detail != detail
        else { return false }
        entries[index].detail = detail
        return true
    }
}
