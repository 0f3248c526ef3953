// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeModel

/// A line of a container's log with the moment at which the runtime took it.
struct StampedLine: Hashable, Sendable {
    /// What is longer is cut.
    private static let longest = 64 << 10

    /// To the nanosecond: it tells lines apart, and puts those of several containers in order.
    let at: CalendarTime
    /// The moment as the server asks for it: whole seconds.
    let second: String
    /// The line without its end.
    let text: String

    /// Reads `2026-11-24T10:14:03.123456789Z text`; nil for what the server says in between.
    init?(_ line: String) {
        guard let space = line.firstIndex(of: " ") else { return nil }
        let stamp = line[..<space]
        guard let at = CalendarTime(stamp.utf8), stamp.utf8.count >= 20 else { return nil }
        self.at = at
        second = "\(stamp.prefix(19))\(stamp.hasSuffix("Z") ? "Z" : String(stamp.suffix(6)))"
        let rest = line[line.index(after: space)...]
        text =
            rest.utf8.count <= Self.longest
            ? String(rest) : String(decoding: rest.utf8.prefix(Self.longest), as: UTF8.self)
    }

    /// Whether it was written before another one.
    func isBefore(_ other: StampedLine) -> Bool {
        (at.seconds, at.nanoseconds) < (other.at.seconds, other.at.nanoseconds)
    }
}

/// How far the log of a container was read. Lines of one moment are told apart by their number.
struct LogPosition: Sendable {
    private var last: StampedLine?
    private var countOfLast = 0

    /// From where the server is asked to go on: it knows whole seconds, so some lines come twice.
    var second: String? { last?.second }

    /// Notes a line that was read.
    mutating func pass(_ line: StampedLine) {
        countOfLast = last?.at == line.at ? countOfLast + 1 : 1
        last = line
    }

    /// Tells lines that were read before from new ones, where reading starts again.
    func resume() -> LogFilter { LogFilter(last: last, count: countOfLast) }
}

/// Leaves out the lines that were read before reading started again.
struct LogFilter: Sendable {
    fileprivate let last: StampedLine?
    fileprivate var count: Int

    /// Whether a line is new.
    mutating func isNew(_ line: StampedLine) -> Bool {
        guard let last else { return true }
        if line.at == last.at, count > 0 {
            count -= 1
            return false
        }
        return !line.isBefore(last)
    }
}
