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

    /// Accepts the forms of `CalendarTime`.
    init?(_ text: some Sequence<UInt8>) {
        guard let time = CalendarTime(text) else { return nil }
        // podman's year 1; 64 bits of nanoseconds begin in 1677.
        nanoseconds = time.seconds < 0 ? -1 : Int64(time.seconds) * 1_000_000_000 + Int64(time.nanoseconds)
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
}
