// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgePlan

/// Where a deploy's progress is shown.
protocol DeployDisplay {
    /// An event came, and this is how far things are now.
    mutating func show(_ event: DeployEvent, _ change: DeployProgress.Change?, _ progress: DeployProgress)
    /// Some time went by.
    mutating func tick(_ progress: DeployProgress)
    /// Something that is not about a step, such as a broken connection.
    mutating func note(_ text: String, _ progress: DeployProgress)
}

/// One line for each transition, and one each 30 s while a step is waited for: for logs of CI systems.
struct PlainDisplay: DeployDisplay {
    private let session: Session
    private let verbose: Bool
    private var lastLine: Timestamp
    private static let silence = 30_000

    init(_ session: Session, verbose: Bool) {
        self.session = session
        self.verbose = verbose
        lastLine = session.surroundings.now()
    }

    mutating func show(_ event: DeployEvent, _ change: DeployProgress.Change?, _ progress: DeployProgress) {
        let text = text(progress)
        switch change {
        case .row(let row):
            write(text.line(row, now: event.at))
            if row.state == .failed { text.output(row).forEach { write($0) } }
        case .output(let row, let line): if verbose { write(text.output(line, of: row)) }
        case .replanned(let left):
            write(text.replanned(left, afterFailure: progress.rows.contains { $0.state == .failed }))
        case .ended, nil: break
        }
    }

    mutating func tick(_ progress: DeployProgress) {
        let now = session.surroundings.now()
        guard now.number - lastLine.number >= Self.silence else { return }
        for row in progress.rows where row.state == .running { write(text(progress).line(row, now: now)) }
        lastLine = now
    }

    mutating func note(_ text: String, _ progress: DeployProgress) { write(text) }

    private func text(_ progress: DeployProgress) -> EventText {
        EventText(style: session.style(.error), labels: progress.rows.map(\.label))
    }

    private mutating func write(_ line: String) {
        session.note(line)
        lastLine = session.surroundings.now()
    }
}

/// One JSON line for each event.
struct JSONDisplay: DeployDisplay {
    private let session: Session

    init(_ session: Session) { self.session = session }

    mutating func show(_ event: DeployEvent, _ change: DeployProgress.Change?, _ progress: DeployProgress) {
        // An event is made of texts and numbers: it can always be written.
        try? session.emit(EventDocument(event: event))
    }

    mutating func tick(_ progress: DeployProgress) {}
    mutating func note(_ text: String, _ progress: DeployProgress) { session.note(text) }

    private struct EventDocument: Encodable {
        let type = "event"
        let event: DeployEvent
    }
}
