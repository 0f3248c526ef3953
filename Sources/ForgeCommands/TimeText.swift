// SPDX-License-Identifier: Apache-2.0

package import ForgeModel

/// Times as people say them, seen from one moment in one time zone. Reads no clock.
package struct TimeText: Sendable {
    private let now: Timestamp
    private let offset: Int

    /// - Parameter offset: how far local time is from UTC, in seconds.
    package init(now: Timestamp, offset: Int = 0) {
        self.now = now
        self.offset = offset
    }

    /// A moment: `09:14` today, `yesterday 09:14`, else `2026-11-24 09:14`.
    package func moment(_ moment: Timestamp) -> String {
        let (day, minute) = split(moment)
        let clock = "\(two(minute / 60)):\(two(minute % 60))"
        switch split(now).day - day {
        case 0: return clock
        case 1: return "yesterday \(clock)"
        default: return "\(date(day)) \(clock)"
        }
    }

    /// The time of day with seconds: `09:14:03`.
    package func clock(_ moment: Timestamp) -> String {
        let seconds = floorDivide(moment.number, 1000) + offset
        let ofDay = seconds - floorDivide(seconds, 86_400) * 86_400
        return "\(two(ofDay / 3600)):\(two(ofDay / 60 % 60)):\(two(ofDay % 60))"
    }

    /// How long ago: `just now`, `40 seconds ago`, `3 minutes ago`, `2 hours ago`, `5 days ago`.
    package func ago(_ moment: Timestamp) -> String {
        let seconds = max(0, now.number - moment.number) / 1000
        switch seconds {
        case ..<5: return "just now"
        case ..<60: return "\(seconds) seconds ago"
        case ..<3600: return Self.counted(seconds / 60, "minute") + " ago"
        case ..<86_400: return Self.counted(seconds / 3600, "hour") + " ago"
        default: return Self.counted(seconds / 86_400, "day") + " ago"
        }
    }

    /// A length of time: `<1 s`, `39 s`, `2 m 05 s`, `1 h 02 m`.
    package static func span(milliseconds: Int) -> String {
        let seconds = max(0, milliseconds) / 1000
        switch seconds {
        case ..<1: return "<1 s"
        case ..<60: return "\(seconds) s"
        case ..<3600: return "\(seconds / 60) m \(pad(seconds % 60)) s"
        default: return "\(seconds / 3600) h \(pad(seconds / 60 % 60)) m"
        }
    }

    /// A count with its noun: `1 minute`, `3 minutes`.
    static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    private func split(_ moment: Timestamp) -> (day: Int, minute: Int) {
        let minutes = floorDivide(floorDivide(moment.number, 1000) + offset, 60)
        let day = floorDivide(minutes, 1440)
        return (day, minutes - day * 1440)
    }

    /// The civil date of a day since 1970-01-01, by the 400-year cycle of the Gregorian calendar that starts in March.
    private func date(_ day: Int) -> String {
        let shifted = day + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return "\(year)-\(two(month))-\(two(dayOfYear - (153 * marchMonth + 2) / 5 + 1))"
    }

    private func floorDivide(_ value: Int, _ divisor: Int) -> Int {
        value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor)
    }

    private func two(_ number: Int) -> String { Self.pad(number) }
    private static func pad(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}
