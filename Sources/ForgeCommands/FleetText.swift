// SPDX-License-Identifier: Apache-2.0

package import ForgeAPI
import ForgeModel
import ForgePlan

/// The fleet's plan as people read it (specs/cli.md §11). Pure: equal input gives equal text.
package struct FleetText: Sendable {
    private let style: TextStyle

    /// Renders in a style.
    package init(style: TextStyle) { self.style = style }

    /// How many apps differ, and a line for each that is not as described; without the last line's end.
    package func render(_ tally: FleetTally) -> String {
        guard tally.apps > 0 else { return "no apps; forge deploy makes one" }
        let verb = tally.differing == 1 ? "differs" : "differ"
        let head = [
            "\(Self.grouped(tally.differing)) of \(Self.counted(tally.apps)) \(verb)",
            "as described: \(Self.grouped(tally.asDescribed))",
            tally.deploying > 0 ? "deploying: \(Self.grouped(tally.deploying))" : nil,
            "unknown: \(Self.grouped(tally.unknown))",
        ]
        let names = tally.rows.map(\.app.text)
        let changes = tally.rows.map { self.changes($0.changes) }
        let rows = tally.rows.indices.map { index in
            "  \(names[index].padded(to: width(names)))   \(changes[index].padded(to: width(changes)))   "
                + why(tally.rows[index])
        }
        return ([head.compactMap(\.self).joined(separator: "     ")] + rows).joined(separator: "\n")
    }

    /// The drift of one app: a headline, and a line for each field; without the last line's end.
    package func drift(_ app: AppPlanDocument) -> String {
        let name = [app.app.text, app.release?.description].compactMap(\.self).joined(separator: " ")
        var lines: [String] = []
        if app.state == .deploying {
            lines.append("\(name): a deploy is on its way; drift is told once it has ended")
        } else if app.drifted > 0 {
            lines.append("\(name): changed outside forge")
            lines += PlanText(style: style.plan).drift(app.drift) { $0.step == nil ? "is kept" : "will be set back" }
            if app.drifted > app.drift.count { lines.append("  and \(app.drifted - app.drift.count) more") }
        } else if app.unknown.isEmpty {
            lines.append("\(name): no drift")
        } else {
            lines.append(name)
        }
        lines += app.unknown.map { "  \(style.paint("!", .warning))  \(Self.words($0))" }
        return lines.joined(separator: "\n")
    }

    /// How many apps have drift, the last line of all.
    package func driftSummary(_ tally: FleetTally) -> String {
        let verb = tally.drifted == 1 ? "has" : "have"
        return "\(Self.grouped(tally.drifted)) of \(Self.counted(tally.apps)) \(verb) drift     "
            + "unknown: \(Self.grouped(tally.unknown))"
    }

    /// Why an app is not as described, in half a line.
    private func why(_ app: AppPlanDocument) -> String {
        if app.state == .deploying { return "a deploy is on its way" }
        if let unknown = app.unknown.first { return style.paint(Self.words(unknown), .warning) }
        guard let first = app.drift.first else { return (app.reason ?? "").withoutControls }
        let more = app.drifted > 1 ? " and \(app.drifted - 1) more" : ""
        let isKept = app.changes == AppPlanDocument.Changes([])
        return words(first) + more + (isKept ? " (kept: drift is only reported)" : "")
    }

    private func words(_ drift: Drift) -> String {
        let path = drift.change.path.withoutControls
        let object = drift.object.description.withoutControls
        switch (drift.change.from, drift.change.to) {
        case (_, nil) where [Drift.wholeObject, "instances"].contains(path): return "\(object) is gone"
        case (nil, _) where path == Drift.wholeObject: return "\(object) is there, and nothing describes it"
        case (_, _):
            guard let manager = drift.by else { return "\(path) of \(object) changed" }
            return "\(path) set by \(manager.withoutControls)"
        }
    }

    private static func words(_ unknown: Unknown) -> String {
        "\(unknown.subject) unknown: \(unknown.reason.withoutControls)"
    }

    /// `+1 ~2 -1 >1`: made, changed, removed, run.
    private func changes(_ changes: AppPlanDocument.Changes) -> String {
        [("+", changes.create), ("~", changes.update), ("-", changes.delete), (">", changes.run)]
            .filter { $0.1 > 0 }.map { "\($0)\($1)" }.joined(separator: " ")
    }

    private func width(_ cells: [String]) -> Int { cells.map(\.count).max() ?? 0 }

    /// `1 app`, `1,204 apps`.
    static func counted(_ apps: Int) -> String { "\(grouped(apps)) app\(apps == 1 ? "" : "s")" }

    /// A number with its thousands set off: `1,204`.
    static func grouped(_ number: Int) -> String {
        var text = ""
        for (index, digit) in String(number).reversed().enumerated() {
            if index > 0, index.isMultiple(of: 3) { text = "," + text }
            text = String(digit) + text
        }
        return text
    }
}
