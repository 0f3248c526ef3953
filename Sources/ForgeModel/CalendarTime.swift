// SPDX-License-Identifier: Apache-2.0

/// A moment as runtimes and API servers write it (RFC 3339 §5.6), to the nanosecond.
package struct CalendarTime: Hashable, Sendable {
    /// Whole seconds since 1970-01-01T00:00:00Z; below zero before it.
    package let seconds: Int
    /// The rest, from 0 to 999,999,999.
    package let nanoseconds: Int

    /// In the model's milliseconds.
    package var timestamp: Timestamp { Timestamp(number: seconds * 1000 + nanoseconds / 1_000_000) }

    /// Accepts `2026-11-24T06:24:02.030881042+00:00` and the form with `Z`, for years from 1 to 2200.
    package init?(_ text: some Sequence<UInt8>) {
        var reader = DigitReader(bytes: Array(text))
        guard let year = reader.number(4, then: "-"), let month = reader.number(2, then: "-"),
            let day = reader.number(2, then: "T"), let hour = reader.number(2, then: ":"),
            let minute = reader.number(2, then: ":"), let second = reader.number(2, then: nil),
            (1...2200).contains(year), (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60,
            second <= 60
        else { return nil }
        nanoseconds = reader.fraction()
        guard let offset = reader.offset() else { return nil }
        seconds = Self.days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset
    }

    /// Days since the epoch of a date in the Gregorian calendar, counted in eras of 400 years that start in March.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

/// Reads fixed places of a date.
private struct DigitReader {
    let bytes: [UInt8]
    var place = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// `count` digits and the character behind them.
    mutating func number(_ count: Int, then separator: Character?) -> Int? {
        guard place + count <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[place..<place + count] {
            guard (48...57).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 48)
        }
        place += count
        guard let separator else { return value }
        guard place < bytes.count, bytes[place] == separator.asciiValue else { return nil }
        place += 1
        return value
    }

    /// Nanoseconds behind a point, if there is one; further digits are dropped.
    mutating func fraction() -> Int {
        guard place < bytes.count, bytes[place] == UInt8(ascii: ".") else { return 0 }
        place += 1
        var value = 0
        var digits = 0
        while place < bytes.count, (48...57).contains(bytes[place]) {
            if digits < 9 {
                value = value * 10 + Int(bytes[place] - 48)
                digits += 1
            }
            place += 1
        }
        while digits < 9 {
            value *= 10
            digits += 1
        }
        return value
    }

    /// Seconds east of Greenwich, at the end of the text.
    mutating func offset() -> Int? {
        guard place < bytes.count else { return nil }
        let sign = bytes[place]
        place += 1
        if sign == UInt8(ascii: "Z") { return place == bytes.count ? 0 : nil }
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), let hours = number(2, then: ":"),
            let minutes = number(2, then: nil), place == bytes.count
        else { return nil }
        return (hours * 3600 + minutes * 60) * (sign == UInt8(ascii: "-") ? -1 : 1)
    }
}
