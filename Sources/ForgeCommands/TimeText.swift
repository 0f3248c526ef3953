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
        let clock = "\((minute / 60).twoDigits):\((minute % 60).twoDigits)"
        switch split(now).day - day {
        case 0: return clock
        case 1: return "yesterday \(clock)"
        default: return "\(CivilDate(daysSinceEpoch: day)) \(clock)"
        }
    }

    /// The time of day with seconds: `09:14:03`.
    package func clock(_ moment: Timestamp) -> String {
        let seconds = moment.number.floorDivided(by: 1000) + offset
        let ofDay = seconds - seconds.floorDivided(by: 86_400) * 86_400
        return "\((ofDay / 3600).twoDigits):\((ofDay / 60 % 60).twoDigits):\((ofDay % 60).twoDigits)"
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
        case ..<3600: return "\(seconds / 60) m \((seconds % 60).twoDigits) s"
        default: return "\(seconds / 3600) h \((seconds / 60 % 60).twoDigits) m"
        }
    }

    /// A count with its noun: `1 minute`, `3 minutes`.
    static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    private func split(_ moment: Timestamp) -> (day: Int, minute: Int) {
        let minutes = (moment.number.floorDivided(by: 1000) + offset).floorDivided(by: 60)
        let day = minutes.floorDivided(by: 1440)
        return (day, minutes - day * 1440)
    }
}
