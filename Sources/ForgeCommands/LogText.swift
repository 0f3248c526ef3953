// SPDX-License-Identifier: Apache-2.0

package import ForgeAPI
import ForgeModel

/// A log line as people read it: `09:14:03 web.7f3a  GET / 200`. Pure.
package struct LogText: Sendable {
    private let style: TextStyle
    private let time: TimeText
    /// Whether lines go to a terminal, which they must not steer; a file gets them as they are.
    private let isTerminal: Bool

    /// - Parameter time: the time zone of whoever reads.
    package init(style: TextStyle, time: TimeText, isTerminal: Bool) {
        self.style = style
        self.time = time
        self.isTerminal = isTerminal
    }

    /// The line, without its end.
    package func render(_ line: LogDocument) -> String {
        let head = style.paint("\(time.clock(line.at)) \(line.instance)", .faint)
        return "\(head)  \(isTerminal ? line.text.withoutControls : line.text)"
    }
}
