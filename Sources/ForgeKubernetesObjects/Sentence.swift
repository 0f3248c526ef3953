// SPDX-License-Identifier: Apache-2.0

/// What a cluster says of a fault, made fit for one line of ours.
enum Sentence {
    /// The most bytes of a sentence that are kept; schedulers write one clause per reason, admission one per field.
    private static let limit = 500

    /// One line of bounded length without control characters.
    static func bounded(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        var size = 0
        for scalar in text.unicodeScalars {
            size += UTF8.width(scalar)
            guard size <= limit else { return String(scalars) + "…" }
            scalars.append(scalar.value < 32 || scalar.value == 127 ? " " : scalar)
        }
        return String(scalars)
    }

    /// `twice`, for the small numbers that occur.
    static func times(_ count: Int) -> String {
        let words = [1: "once", 2: "twice", 3: "three times", 4: "four times", 5: "five times", 6: "six times"]
        return words[count] ?? "\(count) times"
    }
}
