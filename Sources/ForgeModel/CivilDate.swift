// SPDX-License-Identifier: Apache-2.0

/// A day of the Gregorian calendar, counted from 1970-01-01 without a time zone.
package struct CivilDate: Hashable, Sendable, CustomStringConvertible {
    /// The year.
    package let year: Int
    /// The month, from 1.
    package let month: Int
    /// The day of the month, from 1.
    package let day: Int

    /// The date of a day since 1970-01-01, by the 400-year cycle of the calendar that starts in March.
    package init(daysSinceEpoch: Int) {
        let shifted = daysSinceEpoch + 719_468
        let era = shifted.floorDivided(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
    }

    /// `2026-11-24`.
    package var description: String { "\(year)-\(month.twoDigits)-\(day.twoDigits)" }
}

extension Timestamp {
    /// The minute in UTC, for texts that must be the same everywhere: `2026-11-24T09:14Z` (RFC 3339 without seconds).
    package var utcMinute: String {
        let minutes = number.floorDivided(by: 60_000)
        let day = minutes.floorDivided(by: 1440)
        let ofDay = minutes - day * 1440
        return "\(CivilDate(daysSinceEpoch: day))T\((ofDay / 60).twoDigits):\((ofDay % 60).twoDigits)Z"
    }
}

extension Int {
    /// The quotient, rounded towards negative infinity: what counting days and minutes before 1970 needs.
    package func floorDivided(by divisor: Int) -> Int {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }

    /// At least two digits, as clocks and dates have them.
    package var twoDigits: String { self < 10 ? "0\(self)" : String(self) }
}
