// SPDX-License-Identifier: Apache-2.0

package import ForgeAPI
import ForgeModel

/// Goes through an app's log (specs/api.md §9). Lines have no number: what is sent again after the connection broke is
/// known by its container and moment, and left out.
package struct LogCursor: StreamCursor {
    /// The newest line of a container.
    private struct Mark {
        var at: Timestamp
        /// How many lines it wrote at that moment.
        var count: Int
    }

    /// The most lines that the platform sends again: what else was written while the connection was away is not seen.
    private static let longestTail = 10_000

    let app: AppName
    let process: ProcessType?
    let tail: Int
    package let isEnded = false
    /// When the first line was written that was seen: older ones were not asked for.
    private var first: Timestamp?
    private var newest: [String: Mark] = [:]
    /// What was seen before the connection broke, of the containers that are not past that; nil when that is nothing.
    private var seen: [String: Mark]?

    init(_ app: AppName, process: ProcessType?, tail: Int) {
        self.app = app
        self.process = process
        self.tail = tail
    }

    /// The newest lines and those that follow: at first as many as were asked for, then all that may have been missed.
    package mutating func path() -> String {
        seen = first == nil ? nil : newest
        return Self.path(app, process, tail: first == nil ? tail : Self.longestTail, follow: true)
    }

    /// Where an app's log is.
    static func path(_ app: AppName, _ process: ProcessType?, tail: Int, follow: Bool) -> String {
        let only = process.map { "&process=\($0)" } ?? ""
        return "/v1/apps/\(app)/logs?tail=\(tail)&follow=\(follow)\(only)"
    }

    /// The log line of a line; nil for one that was seen.
    package mutating func take(_ line: StreamedLog) -> LogDocument? {
        guard case .line(let line) = line, isNew(line) else { return nil }
        first = first ?? line.at
        if newest[line.instance]?.at == line.at {
            newest[line.instance]?.count += 1
        } else {
            newest[line.instance] = Mark(at: line.at, count: 1)
        }
        return line
    }

    private mutating func isNew(_ line: LogDocument) -> Bool {
        guard let seen else { return true }
        guard let mark = seen[line.instance] else { return first.map { line.at >= $0 } ?? true }
        if line.at < mark.at { return false }
        if line.at == mark.at, mark.count > 0 {
            self.seen?[line.instance]?.count -= 1
            return false
        }
        self.seen?[line.instance] = nil
        return true
    }
}
