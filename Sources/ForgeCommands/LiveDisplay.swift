// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgePlan

/// Steps that ended as lasting lines, and below them one line for each step that runs or waits, drawn anew in place.
struct LiveDisplay: DeployDisplay {
    private let session: Session
    private let verbose: Bool
    /// How many lines of the last drawing can be drawn over.
    private var drawn = 0
    private var frame = 0
    /// How many lasting lines are written of a step: after a failure the same step may run again, to go back.
    private var ended: [String: Int] = [:]

    init(_ session: Session, verbose: Bool) {
        self.session = session
        self.verbose = verbose
    }

    mutating func show(_ event: DeployEvent, _ change: DeployProgress.Change?, _ progress: DeployProgress) {
        var lines: [String] = []
        if verbose, case .output(let row, let line) = change {
            lines.append(text(progress, columns: nil).output(line, of: row))
        }
        // Output is drawn with the next tick: a build writes faster than anyone reads.
        if case .output = change, lines.isEmpty { return }
        draw(progress, after: lines)
    }

    mutating func tick(_ progress: DeployProgress) {
        frame += 1
        draw(progress, after: [])
    }

    mutating func note(_ text: String, _ progress: DeployProgress) { draw(progress, after: [text]) }

    private mutating func draw(_ progress: DeployProgress, after lasting: [String]) {
        let now = session.surroundings.now()
        let size = session.surroundings.console.size()
        let text = text(progress, columns: size.columns)
        var lines = lasting
        var seen: [String: Int] = [:]
        for row in progress.rows where row.state == .done || row.state == .failed {
            seen[row.id, default: 0] += 1
            guard seen[row.id, default: 0] > ended[row.id, default: 0] else { continue }
            ended[row.id, default: 0] += 1
            lines.append(self.text(progress, columns: nil).line(row, now: now))
            if row.state == .failed { lines += text.output(row) }
        }
        var live: [String] = []
        if progress.result == nil {
            live = progress.rows.filter { $0.state == .running || $0.state == .waiting }
                .prefix(max(1, size.rows - 2))
                .map { text.line($0, now: now, frame: frame) }
        }
        let erase = drawn > 0 ? "\r\u{1B}[\(drawn)A\u{1B}[J" : ""
        drawn = live.count
        let drawing = erase + (lines + live).map { $0 + "\n" }.joined()
        if !drawing.isEmpty { session.surroundings.console.write(.error, drawing) }
    }

    private func text(_ progress: DeployProgress, columns: Int?) -> EventText {
        EventText(style: session.style(.error), labels: progress.rows.map(\.label), columns: columns)
    }
}
