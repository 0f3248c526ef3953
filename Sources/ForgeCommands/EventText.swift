// SPDX-License-Identifier: Apache-2.0

package import ForgeModel
import ForgePlan

/// The lines in which a deploy's progress is told (specs/cli.md §7). Pure: equal input gives equal text.
package struct EventText: Sendable {
    private let style: TextStyle
    private let labelWidth: Int
    /// How many columns a line may have; nil: as many as it needs.
    private let columns: Int?

    private static let indent = "  "
    private static let shownLines = 50

    /// - Parameter labels: what the steps are called; they share a column.
    package init(style: TextStyle, labels: [String], columns: Int? = nil) {
        self.style = style
        labelWidth = min(32, labels.map(\.count).max() ?? 0)
        self.columns = columns
    }

    /// The line of a step: `  ✓ build       39 s   python 3.11`.
    package func line(_ row: DeployProgress.Row, now: Timestamp, frame: Int? = nil) -> String {
        let time = row.elapsed(at: now).map(TimeText.span) ?? ""
        let text = "\(row.label.padded(to: labelWidth)) \(time.aligned(to: 8))   \(detail(of: row))"
        return "\(Self.indent)\(glyph(row, frame)) \(cut(text.withoutSpacesAtEnd))"
    }

    /// What is below a failed step: the last lines of its output.
    package func output(_ row: DeployProgress.Row) -> [String] {
        let reported = row.failure?.output ?? []
        let lines = reported.isEmpty ? row.output : reported
        return lines.suffix(Self.shownLines).map { "      \($0.withoutControls)" }
    }

    /// A line of a step's output as it comes.
    package func output(_ line: String, of row: DeployProgress.Row) -> String {
        "      \(style.paint(row.label, .faint)) \(line.withoutControls)"
    }

    /// What is left after the plan was made anew: after a build that told more, or after a failure.
    package func replanned(_ left: [String], afterFailure: Bool) -> String {
        let what = afterFailure ? "goes back to what served before" : "planned again"
        return
            "\(Self.indent)\(style.waiting) \(what): \(left.isEmpty ? "nothing is left to do" : left.joined(separator: ", "))"
    }

    private func glyph(_ row: DeployProgress.Row, _ frame: Int?) -> String {
        switch row.state {
        case .waiting: style.waiting
        case .running: frame.map(style.spinner) ?? style.begun
        case .done: style.done
        case .failed: style.failed
        }
    }

    private func detail(of row: DeployProgress.Row) -> String {
        let said = row.detail?.withoutControls
        guard row.state == .running, said == nil else { return said ?? "" }
        return columns == nil ? "" : row.output.last?.withoutControls ?? ""
    }

    private func cut(_ text: String) -> String {
        guard let columns else { return text }
        // A tab is wider than it counts, and a line that wraps cannot be drawn over.
        let text = text.replacing("\t", with: " ")
        guard text.count > columns - 5 else { return text }
        return text.prefix(max(0, columns - 5 - style.ellipsis.count)) + style.ellipsis
    }
}
