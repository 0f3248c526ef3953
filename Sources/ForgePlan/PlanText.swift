// SPDX-License-Identifier: Apache-2.0

import ForgeModel

/// A plan as people read it (specs/plan.md §8). Lines are never cut to a width, so no difference is ever hidden.
package struct PlanText: Sendable {
    /// How it is shown.
    package struct Style: Sendable {
        /// Which characters may be used.
        package enum Glyphs: Sendable { case unicode, ascii }

        /// Which characters may be used.
        package let glyphs: Glyphs
        /// Whether symbols are coloured; the meaning is never in the colour alone.
        package let colour: Bool

        /// Chooses a style.
        package init(glyphs: Glyphs = .unicode, colour: Bool = false) {
            self.glyphs = glyphs
            self.colour = colour
        }
    }

    private let style: Style

    /// Renders in a style.
    package init(style: Style = Style()) { self.style = style }

    /// The whole text, ending with a line feed.
    package func render(_ plan: PlanDocument) -> String {
        var lines = [headline(plan)]
        if plan.steps.isEmpty, plan.drift.isEmpty, plan.unknown.isEmpty, plan.refusals.isEmpty {
            return lines[0] + ". " + nothing(plan) + "\n"
        }
        if let manifest = plan.manifest, let source = plan.source {
            lines.append("manifest \(manifest.hex.prefix(7)), source \(source.hex.prefix(7))")
        }
        if !plan.drift.isEmpty {
            lines.append("")
            lines.append("Changed outside forge since \(plan.live.map(\.description) ?? "the last release")")
            lines += drift(plan.drift) { $0.step.map { "step \($0) sets it back" } ?? "nothing sets it back" }
        }
        if !plan.steps.isEmpty { lines.append("") }
        lines += stepLines(plan)
        for unknown in plan.unknown {
            lines.append("")
            lines.append(
                "  \(coloured("!", .yellow))  \(unknown.subject) unknown: \(shown(unknown.reason)). Nothing will be done to it."
            )
        }
        for refusal in plan.refusals {
            lines.append("")
            lines.append("  \(coloured("!", .red))  \(shown(refusal))")
        }
        for feature in plan.unenforced { lines.append("  !  \(feature): not enforced by \(plan.cluster)") }
        lines.append("")
        lines.append(summary(plan))
        if let onFailure = plan.onFailure { lines.append("If a step fails, \(onFailure).") }
        return lines.joined(separator: "\n") + "\n"
    }

    private func headline(_ plan: PlanDocument) -> String {
        var parts = ["\(plan.app) on \(plan.cluster)"]
        parts.append(plan.live.map { "live \($0)" } ?? "nothing live")
        if let next = plan.next { parts.append("this would be \(next)") }
        return parts.joined(separator: ", ")
    }

    private func nothing(_ plan: PlanDocument) -> String {
        let objects = count(plan.unchanged.objects, "object")
        let images = count(plan.unchanged.images, "image")
        let verb = plan.unchanged.objects + plan.unchanged.images == 1 ? "is" : "are"
        return "No changes: \(objects) and \(images) \(verb) as described."
    }

    private func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    /// A table of drift, a line each; who and when are a column only where a cluster tells them.
    ///
    /// - Parameter outlook: what becomes of one, for people.
    package func drift(_ drift: [Drift], outlook: (Drift) -> String) -> [String] {
        let isAttributed = drift.contains { $0.by != nil }
        let rows = drift.map { drift in
            let who = [drift.by.map(shown), drift.at?.utcMinute].compactMap(\.self).joined(separator: ", ")
            return [shown(drift.object.description), shown(drift.change.path), driftValues(drift.change)]
                + (isAttributed ? [who] : []) + [outlook(drift)]
        }
        return table(rows)
    }

    /// Unlike in a step, where `+` and `-` say it, a side without a value is spelled out.
    private func driftValues(_ change: FieldChange) -> String {
        "\(change.from.map(quoted) ?? "nothing") \(arrow) \(change.to.map(quoted) ?? "nothing")"
    }

    private var arrow: String { style.glyphs == .unicode ? "→" : "->" }

    // MARK: Steps

    private func stepLines(_ plan: PlanDocument) -> [String] {
        let targetWidth = plan.steps.map { shown($0.target).count }.max() ?? 0
        let numberWidth = String(plan.steps.count).count
        return plan.steps.flatMap { step -> [String] in
            let number = String(step.number).aligned(to: numberWidth)
            let head = "  \(number)  \(symbol(step)) \(step.kind.rawValue.padded(to: 9)) "
            let line = head + shown(step.target).padded(to: targetWidth + 2) + remarks(step).joined(separator: ", ")
            return [line] + changeLines(step, indent: String(repeating: " ", count: numberWidth + 6))
        }
    }

    private func remarks(_ step: StepDocument) -> [String] {
        var remarks = [shown(step.reason)]
        switch step.kind {
        case .deploy where step.wait != nil:
            remarks.append(step.downtime.map { "downtime: \($0)" } ?? "no downtime")
            if let wait = step.wait { remarks.append("waits for \(wait.condition), at most \(wait.atMost)") }
        case .release where step.wait != nil:
            if let wait = step.wait { remarks.append("waits at most \(wait.atMost), not cancellable") }
        default: break
        }
        if step.destructive { remarks.append("cannot be undone") }
        return remarks
    }

    private func changeLines(_ step: StepDocument, indent: String) -> [String] {
        guard step.action != .delete else { return [] }
        let width = step.changes.map(\.path.count).max() ?? 0
        var lines = step.changes.map { change -> String in
            let mark =
                switch (change.from, change.to) {
                case (nil, _): coloured("+", .green)
                case (_, nil): coloured("-", .red)
                case (_, _): " "
                }
            return "\(indent)\(mark) \(change.path.padded(to: width + 2))\(values(change))"
        }
        if step.unchangedFields > 0 {
            lines.append("\(indent)  # \(count(step.unchangedFields, "unchanged field")) hidden")
        }
        return lines
    }

    private func values(_ change: FieldChange) -> String {
        switch (change.from, change.to) {
        case (let from?, let to?): return "\(quoted(from)) \(arrow) \(quoted(to))"
        case (let from?, nil): return quoted(from)
        case (nil, let to): return quoted(to ?? "")
        }
    }

    private func symbol(_ step: StepDocument) -> String {
        switch step.action {
        case .create: coloured("+", .green)
        case .update: coloured("~", .yellow)
        case .delete: coloured("-", .red)
        case .run: coloured(">", .blue)
        }
    }

    // MARK: Summary

    private func summary(_ plan: PlanDocument) -> String {
        guard plan.refusals.isEmpty else { return "Plan: refused. Nothing was changed." }
        guard !plan.steps.isEmpty else {
            return plan.unknown.isEmpty
                ? "Plan: nothing is done about it (drift: report); forge deploy sets it back."
                : "Plan: nothing can be planned before this is known. Nothing was changed."
        }
        func number(_ matches: (StepDocument) -> Bool) -> Int { plan.steps.filter(matches).count }
        var parts: [String] = []
        for kind in [Step.Kind.build, .push, .release] {
            let steps = number { $0.kind == kind }
            if steps > 0 { parts.append("\(steps) \(kind.rawValue)") }
        }
        let isObject = { (step: StepDocument) in [.deploy, .route, .prune].contains(step.kind) }
        parts.append("\(number { isObject($0) && $0.action == .create }) to add")
        parts.append("\(number { isObject($0) && $0.action == .update }) to change")
        parts.append("\(number { isObject($0) && $0.action == .delete }) to delete")
        parts.append("\(plan.unchanged.objects + plan.unchanged.images) unchanged")
        return "Plan: " + parts.joined(separator: ", ") + "."
    }

    // MARK: Words

    /// Digests in few characters: enough to tell any two apart that a person will meet.
    private func short(_ text: String) -> String {
        let ellipsis = style.glyphs == .unicode ? "…" : ""
        var result = ""
        var rest = text[...]
        while let start = rest.firstRange(ofDigestPrefix: "sha256:") {
            let hex = rest[start.upperBound...].prefix { $0.isHexDigit }
            result += rest[..<start.upperBound] + (hex.count == 64 ? hex.prefix(12) + ellipsis : hex)
            rest = rest[hex.endIndex...]
        }
        return result + rest
    }

    /// Values that would be misread without quotes get them, with their control characters spelled out.
    private func quoted(_ value: String) -> String {
        let isPlain = !value.isEmpty && value.allSatisfy { !$0.isWhitespace && $0 != "\"" && !$0.isControl }
        if isPlain || value == FieldChange.afterBuild { return short(value) }
        return "\"" + spelled(value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")) + "\""
    }

    /// A text that stands on one line and cannot steer a terminal, whoever wrote it.
    private func shown(_ text: String) -> String { short(spelled(text)) }

    private func spelled(_ value: String) -> String {
        var text = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\n": text += "\\n"
            case "\t": text += "\\t"
            case _ where scalar.properties.generalCategory == .control:
                text += "\\u{\(String(scalar.value, radix: 16))}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    private func table(_ rows: [[String]]) -> [String] {
        let widths = (0..<(rows.first?.count ?? 0)).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            "  " + zip(row, widths).map { $0.padded(to: $1) }.joined(separator: "   ").trimmedRight
        }
    }

    private enum Colour: String { case red = "31", green = "32", yellow = "33", blue = "34" }

    private func coloured(_ text: String, _ colour: Colour) -> String {
        style.colour ? "\u{1b}[\(colour.rawValue)m\(text)\u{1b}[0m" : text
    }
}

extension String {
    fileprivate var trimmedRight: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}

extension Substring {
    fileprivate func firstRange(ofDigestPrefix prefix: String) -> Range<Index>? {
        var index = startIndex
        while index < endIndex {
            if self[index...].hasPrefix(prefix) { return index..<self.index(index, offsetBy: prefix.count) }
            formIndex(after: &index)
        }
        return nil
    }
}

extension Character {
    fileprivate var isControl: Bool { unicodeScalars.contains { $0.properties.generalCategory == .control } }
}
