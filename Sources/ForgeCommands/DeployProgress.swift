// SPDX-License-Identifier: Apache-2.0

package import ForgeModel
package import ForgePlan

/// How far a deploy is, from its plan and what happened since: a pure value that every kind of display is made from.
package struct DeployProgress: Sendable {
    /// One step.
    package struct Row: Hashable, Sendable {
        /// How far a step is.
        package enum State: Hashable, Sendable { case waiting, running, done, failed }

        /// The step's identity.
        package let id: String
        /// What people call it: `build`, `deploy web`.
        package let label: String
        /// How far it is.
        package var state: State = .waiting
        /// When it began.
        package var startedAt: Timestamp?
        /// How long it took.
        package var milliseconds: Int?
        /// What was last said of it.
        package var detail: String?
        /// Why it failed.
        package var failure: DeployFailure?
        /// The last lines of its output.
        package var output: [String] = []

        /// How long it has taken so far, or took in all.
        func elapsed(at now: Timestamp) -> Int? {
            milliseconds ?? startedAt.map { max(0, now.number - $0.number) }
        }
    }

    /// What an event changed.
    package enum Change: Hashable, Sendable {
        /// A step began, came further, or ended.
        case row(Row)
        /// A step wrote a line.
        case output(Row, line: String)
        /// What is left to do is something else now.
        case replanned(left: [String])
        /// It is over.
        case ended
    }

    /// How many lines of a step's output are kept for the case that it fails.
    private static let keptLines = 100

    /// The steps: those that began, then those that will.
    package private(set) var rows: [Row]
    /// The event that ended it.
    package private(set) var result: DeployEvent?

    /// Starts with the plan that was committed.
    package init(_ plan: PlanDocument) {
        rows = plan.steps.map(Self.row)
    }

    /// Takes an event in and tells what it changed; nil when nothing that anyone would see.
    package mutating func apply(_ event: DeployEvent) -> Change? {
        switch event.kind {
        case .planned: return event.plan.flatMap { replan($0) }
        case .started: return update(event) { $0.begin(at: event.at) }
        case .progress:
            return update(event) { row in
                if row.state == .waiting { row.begin(at: event.at) }
                row.detail = event.detail
            }
        case .done: return update(event) { $0.end(.done, event) }
        case .failed: return update(event) { $0.end(.failed, event) }
        case .output: return output(event)
        case .result:
            result = event
            return .ended
        }
    }

    private mutating func update(_ event: DeployEvent, _ change: (inout Row) -> Void) -> Change? {
        guard let index = index(of: event) else { return nil }
        let before = rows[index]
        change(&rows[index])
        return rows[index] == before ? nil : .row(rows[index])
    }

    private mutating func output(_ event: DeployEvent) -> Change? {
        guard let index = index(of: event), let line = event.detail else { return nil }
        rows[index].output.append(line)
        if rows[index].output.count > Self.keptLines { rows[index].output.removeFirst() }
        return .output(rows[index], line: line)
    }

    /// The row of a step. One that no plan named comes after those that began; one that failed and begins again, to go
    /// back to what served before, is another row.
    private mutating func index(of event: DeployEvent) -> Int? {
        guard let step = event.step else { return nil }
        if let index = rows.lastIndex(where: { $0.id == step }) {
            guard rows[index].state == .failed, event.kind == .started || event.kind == .progress else { return index }
            rows.insert(Row(id: step, label: "\(rows[index].label) (back)"), at: index + 1)
            return index + 1
        }
        let index = rows.firstIndex { $0.state == .waiting } ?? rows.endIndex
        rows.insert(Row(id: step, label: Self.label(of: step)), at: index)
        return index
    }

    /// Keeps what began, and replaces what did not.
    private mutating func replan(_ plan: PlanDocument) -> Change? {
        let waiting = rows.filter { $0.state == .waiting }.map(\.id)
        rows.removeAll { $0.state == .waiting }
        let begun = Set(rows.filter { $0.state != .failed }.map(\.id))
        let left = plan.steps.filter { !begun.contains($0.id) }.map(Self.row)
        rows += left
        return left.map(\.id) == waiting ? nil : .replanned(left: left.map(\.label))
    }

    private static func row(_ step: StepDocument) -> Row {
        switch step.kind {
        case .build, .push, .release: Row(id: step.id, label: step.kind.rawValue)
        case .deploy, .route, .prune: Row(id: step.id, label: "\(step.kind.rawValue) \(step.target)")
        }
    }

    /// What to call a step of which only the identity is known: `deploy web`.
    static func label(of step: String) -> String { step.split(separator: "/").joined(separator: " ") }
}

extension DeployProgress.Row {
    fileprivate mutating func begin(at moment: Timestamp) {
        state = .running
        startedAt = startedAt ?? moment
    }

    fileprivate mutating func end(_ state: State, _ event: DeployEvent) {
        self.state = state
        milliseconds = event.milliseconds ?? startedAt.map { max(0, event.at.number - $0.number) }
        detail = event.detail ?? event.failure?.message ?? (state == .failed ? detail : nil)
        failure = event.failure
    }
}
