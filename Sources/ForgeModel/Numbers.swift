// SPDX-License-Identifier: Apache-2.0

/// A value that is written as one whole number and means a position in a sequence.
package protocol CountValue: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    /// The position, from 1.
    var number: Int { get }
    /// Makes the value at a position.
    init(number: Int)
}

extension CountValue {
    /// Orders by position.
    package static func < (left: Self, right: Self) -> Bool { left.number < right.number }

    /// Reads a single number.
    package init(from decoder: any Decoder) throws {
        self.init(number: try decoder.singleValueContainer().decode(Int.self))
    }

    /// Writes a single number.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(number)
    }

    /// The position after this one.
    package var next: Self { Self(number: number + 1) }
}

/// Counts the accepted changes of one app's desired state; plans are made for one generation (specs/states.md §1).
package struct Generation: CountValue {
    /// The position, from 1.
    package let number: Int
    /// Makes the generation at a position.
    package init(number: Int) { self.number = number }
    /// The plain number.
    package var description: String { String(number) }
}

/// The number of an immutable release, printed `v42` (specs/states.md §2).
package struct ReleaseNumber: CountValue {
    /// The position, from 1.
    package let number: Int
    /// Makes the release number at a position.
    package init(number: Int) { self.number = number }
    /// `v42`.
    package var description: String { "v\(number)" }
}

/// Grows with every lease of an app; a writer with a lower one has lost its lease (specs/storage.md §4).
package struct FencingToken: CountValue {
    /// The position, from 1.
    package let number: Int
    /// Makes the token at a position.
    package init(number: Int) { self.number = number }
    /// The plain number.
    package var description: String { String(number) }
}

/// A moment in milliseconds since 1970-01-01T00:00:00Z; the model reads no clock, edges pass moments in.
package struct Timestamp: CountValue {
    /// Milliseconds since the epoch.
    package let number: Int
    /// Makes the moment.
    package init(number: Int) { self.number = number }
    /// Milliseconds since the epoch, as text.
    package var description: String { String(number) }
    /// The moment that many milliseconds later.
    package func adding(milliseconds: Int) -> Timestamp { Timestamp(number: number + milliseconds) }
}
