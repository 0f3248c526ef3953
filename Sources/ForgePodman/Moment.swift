// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import Glibc

/// A moment as podman and conmon write it, in nanoseconds since 1970: the model's milliseconds would lose the order
/// of log lines.
struct Moment: Hashable, Sendable, Comparable, Decodable {
    /// Nanoseconds since the epoch; podman's year 1, "never", is below zero.
    let nanoseconds: Int64

    /// Makes a moment.
    init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// This moment.
    static var now: Moment {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Moment(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    /// Accepts `2026-11-24T06:24:02.030881042+00:00` and the form with `Z` (RFC 3339 §5.6), for years from 1 to 2200.
    init?(_ text: some Sequence<UInt8>) {
        var reader = DigitReader(bytes: Array(text))
        guard let year = reader.number(4, then: "-"), let month = reader.number(2, then: "-"),
            let day = reader.number(2, then: "T"), let hour = reader.number(2, then: ":"),
            let minute = reader.number(2, then: ":"), let second = reader.number(2, then: nil),
            (1...2200).contains(year), (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60,
            second <= 60
        else { return nil }
        let fraction = reader.fraction()
        guard let offset = reader.offset() else { return nil }
        guard year > 1677 else {
            nanoseconds = -1
            return
        }
        let seconds = Self.days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset
        nanoseconds = Int64(seconds) * 1_000_000_000 + Int64(fraction)
    }

    /// Reads a single text.
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let moment = Moment(text.utf8) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is not a time")
        }
        self = moment
    }

    /// Whether podman means a moment at all.
    var isSet: Bool { nanoseconds > 0 }
    /// In the model's milliseconds.
    var timestamp: Timestamp { Timestamp(number: Int(nanoseconds / 1_000_000)) }

    /// Milliseconds from an earlier moment to this one.
    func milliseconds(since earlier: Moment) -> Int { Int((nanoseconds - earlier.nanoseconds) / 1_000_000) }

    /// The moment that many milliseconds later.
    func adding(milliseconds: Int) -> Moment { Moment(nanoseconds: nanoseconds + Int64(milliseconds) * 1_000_000) }

    /// Earlier first.
    static func < (left: Moment, right: Moment) -> Bool { left.nanoseconds < right.nanoseconds }

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
