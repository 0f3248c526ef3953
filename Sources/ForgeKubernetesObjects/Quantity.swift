// SPDX-License-Identifier: Apache-2.0

/// An amount as Kubernetes writes it (apimachinery, resource.Quantity), to a billionth; amounts have many spellings.
struct Quantity: Hashable, Sendable, CustomStringConvertible {
    /// Billionths.
    private let nano: Int128

    private static let one: Int128 = 1_000_000_000
    private static let decimal: [(suffix: String, nano: Int128)] = [
        ("n", 1), ("u", 1000), ("m", 1_000_000), ("k", 1000 * one), ("M", 1_000_000 * one),
        ("G", 1_000_000_000 * one), ("T", 1_000_000_000_000 * one), ("P", 1_000_000_000_000_000 * one),
        ("E", 1_000_000_000_000_000_000 * one),
    ]
    private static let binary: [(suffix: String, factor: Int128)] = [
        ("Ki", 1 << 10), ("Mi", 1 << 20), ("Gi", 1 << 30), ("Ti", 1 << 40), ("Pi", 1 << 50), ("Ei", 1 << 60),
    ]

    /// Accepts a signed decimal number with a suffix or an exponent, of at most 18 digits; what is finer than a
    /// billionth is rounded up, as the server does. Nil for anything else, and for amounts beyond 64 bits.
    init?(_ text: String) {
        let digits = text.prefix { "+-.0123456789".contains($0) }
        let suffix = text.dropFirst(digits.count)
        let unit: Int128
        if suffix.isEmpty {
            unit = Self.one
        } else if let known = Self.decimal.first(where: { $0.suffix == suffix }) {
            unit = known.nano
        } else if let known = Self.binary.first(where: { $0.suffix == suffix }) {
            unit = known.factor * Self.one
        } else if let power = Self.exponent(suffix) {
            unit = power
        } else {
            return nil
        }
        guard let amount = Self.scaled(digits, by: unit), amount.magnitude < (Self.one << 63).magnitude else {
            return nil
        }
        nano = amount
    }

    /// The one spelling of an amount: `250m`, `3`, `512Mi`. Whole amounts from 1 Mi on that a power of 1024 divides
    /// are written with it.
    var description: String {
        guard nano.isMultiple(of: Self.one) else {
            for (suffix, unit) in [("m", 1_000_000), ("u", 1000)] as [(String, Int128)] where nano.isMultiple(of: unit)
            {
                return "\(nano / unit)\(suffix)"
            }
            return "\(nano)n"
        }
        let whole = nano / Self.one
        for (suffix, factor) in Self.binary.dropFirst().reversed() where whole != 0 && whole.isMultiple(of: factor) {
            return "\(whole / factor)\(suffix)"
        }
        return "\(whole)"
    }

    /// The billionths of `e3` or `E-2`.
    private static func exponent(_ suffix: Substring) -> Int128? {
        guard suffix.first == "e" || suffix.first == "E", let power = Int(suffix.dropFirst()), (-9...18).contains(power)
        else { return nil }
        var unit: Int128 = 1
        for _ in 0..<(9 + power) { unit *= 10 }
        return unit
    }

    private static func scaled(_ text: Substring, by unit: Int128) -> Int128? {
        let isNegative = text.first == "-"
        let unsigned = isNegative || text.first == "+" ? text.dropFirst() : text
        let parts = unsigned.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? parts[1] : ""
        let digits = parts[0] + fraction
        guard (1...18).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }),
            let number = Int128(digits)
        else { return nil }
        var divisor: Int128 = 1
        for _ in fraction.utf8 { divisor *= 10 }
        let (product, overflow) = number.multipliedReportingOverflow(by: unit)
        guard !overflow else { return nil }
        let amount = product / divisor + (product.isMultiple(of: divisor) ? 0 : 1)
        return isNegative ? -amount : amount
    }
}
