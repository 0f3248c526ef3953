// SPDX-License-Identifier: Apache-2.0

package import ForgeAPI
import ForgeModel
import ForgePlan

/// How an app stands, as people read it (specs/cli.md §8). Pure: equal input gives equal text.
package struct StatusText: Sendable {
    private let style: TextStyle
    private let time: TimeText

    /// - Parameter time: the moment and time zone of whoever reads.
    package init(style: TextStyle, time: TimeText) {
        self.style = style
        self.time = time
    }

    /// The whole text of one app, without the last line's end.
    package func render(_ status: AppStatusDocument) -> String {
        var lines = [headline(status)]
        lines += processes(status)
        if let deploying = status.deploying { lines.append("  " + deploy(deploying)) }
        if let failure = status.failure {
            let step = DeployProgress.label(of: failure.step)
            let message = failure.message.withoutControls
            lines.append("  \(style.failed) last deploy failed \(time.ago(failure.at)) at \(step): \(message)")
            lines += failure.output.suffix(10).map { "      \($0.withoutControls)" }
        }
        for unknown in status.unknown {
            lines.append(
                "  \(style.paint("!", .warning)) \(unknown.subject) unknown: \(unknown.reason.withoutControls)"
            )
        }
        return lines.joined(separator: "\n")
    }

    /// A table of apps, without the last line's end.
    package func list(_ apps: [AppStatusDocument]) -> String {
        guard !apps.isEmpty else { return "no apps; forge deploy makes one" }
        let rows = apps.map { app in
            [
                app.app.text, app.release?.description ?? "-", app.state.rawValue,
                app.since.map { "since \(time.moment($0))" } ?? "", app.url ?? "",
            ]
        }
        let widths = (0..<5).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return zip(apps, rows).map { app, row in
            let cells = zip(row, widths).enumerated().map { index, cell in
                let padded = cell.0.padded(to: cell.1)
                return index == 2 ? style.paint(padded, colour(app.state)) : padded
            }
            return cells.joined(separator: "  ").withoutSpacesAtEnd
        }.joined(separator: "\n")
    }

    private func headline(_ status: AppStatusDocument) -> String {
        let name = style.paint(
            [status.app.text, status.release?.description].compactMap(\.self).joined(separator: " "),
            .strong
        )
        var parts = [name, style.paint(status.state.rawValue, colour(status.state))]
        if let since = status.since {
            parts.append("since \(time.moment(since))\(status.by.map { " by \($0)" } ?? "")")
        }
        if let url = status.url { parts.append(" \(url)") }
        return parts.joined(separator: "  ")
    }

    private func processes(_ status: AppStatusDocument) -> [String] {
        let names = status.processes.map(\.type.text)
        let counts = status.processes.map { "\($0.ready.map(String.init) ?? "?") of \($0.wanted) ready" }
        let bounds = status.processes.map { "\($0.cpu) / \($0.memory)" }
        return status.processes.indices.map { index in
            let process = status.processes[index]
            let count = counts[index].padded(to: width(counts))
            let cells = [
                names[index].padded(to: max(7, width(names))),
                process.ready == process.wanted ? count : style.paint(count, .warning),
                bounds[index].padded(to: width(bounds)),
                process.healthcheck.map { "readiness \($0)" } ?? "",
            ]
            return "  \(cells.joined(separator: "  "))".withoutSpacesAtEnd
        }
    }

    private func deploy(_ deploy: DeployStatus) -> String {
        let step = deploy.step.map { ": \(DeployProgress.label(of: $0))" } ?? ""
        let detail = deploy.detail.map { ", \($0.withoutControls)" } ?? ""
        return "\(style.begun) generation \(deploy.generation) is under way\(step)\(detail)"
    }

    private func width(_ cells: [String]) -> Int { cells.map(\.count).max() ?? 0 }

    private func colour(_ state: AppStatusDocument.State) -> TextStyle.Colour {
        switch state {
        case .live: .good
        case .deploying, .destroying: .busy
        case .failed, .degraded: .bad
        case .stopped: .faint
        case .unknown: .warning
        }
    }
}

extension String {
    /// The text without the spaces that padding left after it.
    var withoutSpacesAtEnd: String {
        guard let last = lastIndex(where: { $0 != " " }) else { return "" }
        return String(self[...last])
    }
}
