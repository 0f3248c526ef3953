// SPDX-License-Identifier: Apache-2.0

package import ForgePlan

/// The glyphs and colours that text is made with. Colour only repeats what glyphs and words say.
package struct TextStyle: Sendable {
    /// Which glyphs can be shown.
    package var glyphs: PlanText.Style.Glyphs
    /// Whether colours are written.
    package var colour: Bool

    /// Chooses.
    package init(glyphs: PlanText.Style.Glyphs, colour: Bool) {
        self.glyphs = glyphs
        self.colour = colour
    }

    /// The same choice for plans.
    var plan: PlanText.Style { PlanText.Style(glyphs: glyphs, colour: colour) }

    /// A colour, by what it means.
    enum Colour: String, Sendable {
        case good = "32"
        case bad = "31"
        case busy = "36"
        case warning = "33"
        case faint = "2"
        case strong = "1"
    }

    /// The text in a colour, if there are colours.
    func paint(_ text: String, _ colour: Colour) -> String {
        self.colour && !text.isEmpty ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }

    private func pick(_ unicode: String, _ ascii: String) -> String { glyphs == .unicode ? unicode : ascii }

    var done: String { paint(pick("✓", "+"), .good) }
    var failed: String { paint(pick("✗", "x"), .bad) }
    var waiting: String { paint(pick("·", "."), .faint) }
    var begun: String { paint(pick("▸", ">"), .busy) }
    var ellipsis: String { pick("…", "...") }
    var separator: String { pick("·", "-") }

    /// The glyph of something that is under way, in the given frame of its turning.
    func spinner(_ frame: Int) -> String {
        let frames = glyphs == .unicode ? ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"] : ["-", "\\", "|", "/"]
        return paint(frames[frame % frames.count], .busy)
    }
}

extension String {
    /// The text without anything that steers a terminal: what programs print is not trusted with that.
    var withoutControls: String {
        String(
            String.UnicodeScalarView(
                unicodeScalars.filter { $0 == "\t" || $0.properties.generalCategory != .control }
            )
        )
    }
}
