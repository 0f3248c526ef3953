// SPDX-License-Identifier: Apache-2.0

/// Processor time in thousandths of a core, written `250m`, `1` or `0.5` (the Kubernetes quantity forms).
package struct CPU: TextValue {
    /// Thousandths of a core.
    package let millicores: Int

    /// Makes an amount from thousandths of a core.
    package init(millicores: Int) { self.millicores = millicores }

    /// Accepts `250m`, `2`, `0.25` (at most three decimals), up to 1024 cores.
    package init(_ text: String) throws {
        let refused = InvalidValue(
            kind: "cpu quantity",
            text: text,
            rule: "use cores or millicores, such as 0.5 or 250m"
        )
        let amount = text.hasSuffix("m") ? Self.whole(text.dropLast()) : Self.decimal(text[...])
        guard let amount, amount > 0, amount <= 1_024_000 else { throw refused }
        millicores = amount
    }

    /// The canonical form: whole cores as `2`, else `250m`.
    package var text: String { millicores.isMultiple(of: 1000) ? String(millicores / 1000) : "\(millicores)m" }

    private static func whole(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (48...57).contains($0) } ? Int(text) : nil
    }

    private static func decimal(_ text: Substring) -> Int? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard let first = parts.first, let cores = whole(first), cores <= 1024, parts.count <= 2 else { return nil }
        guard parts.count == 2 else { return cores * 1000 }
        guard (1...3).contains(parts[1].count), let fraction = whole(parts[1]) else { return nil }
        return cores * 1000 + fraction * [100, 10, 1][parts[1].count - 1]
    }

    /// Orders by amount.
    package static func < (left: CPU, right: CPU) -> Bool { left.millicores < right.millicores }
}

/// An amount of memory in bytes, written `512Mi`, `1Gi`, `512M` or in plain bytes (the Kubernetes quantity forms).
package struct Memory: TextValue {
    /// Bytes.
    package let bytes: Int

    private static let units: [(suffix: String, size: Int)] = [
        ("Ki", 1 << 10), ("Mi", 1 << 20), ("Gi", 1 << 30), ("Ti", 1 << 40),
        ("k", 1000), ("M", 1_000_000), ("G", 1_000_000_000), ("T", 1_000_000_000_000), ("", 1),
    ]

    /// Makes an amount from bytes.
    package init(bytes: Int) { self.bytes = bytes }

    /// Accepts a whole number with an optional unit, up to 16Ti.
    package init(_ text: String) throws {
        for unit in Self.units where text.hasSuffix(unit.suffix) {
            let digits = text.dropLast(unit.suffix.count)
            guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }), let count = Int(digits) else {
                break
            }
            let (product, overflow) = count.multipliedReportingOverflow(by: unit.size)
            guard !overflow, product > 0, product <= 16 << 40 else { break }
            bytes = product
            return
        }
        throw InvalidValue(
            kind: "memory quantity",
            text: text,
            rule: "use a whole number and a unit, such as 512Mi or 1Gi"
        )
    }

    /// The canonical form, in the largest unit that keeps it whole.
    package var text: String {
        for unit in Self.units.prefix(4).reversed() where bytes.isMultiple(of: unit.size) {
            return "\(bytes / unit.size)\(unit.suffix)"
        }
        return String(bytes)
    }

    /// Orders by amount.
    package static func < (left: Memory, right: Memory) -> Bool { left.bytes < right.bytes }
}

/// What one container of a process may use at most.
package struct Resources: Hashable, Sendable, Codable {
    /// Processor time.
    package var cpu: CPU
    /// Memory.
    package var memory: Memory

    /// Bounds a container.
    package init(cpu: CPU = CPU(millicores: 500), memory: Memory = Memory(bytes: 512 << 20)) {
        self.cpu = cpu
        self.memory = memory
    }
}

/// A length of time in whole milliseconds, written `500ms`, `10s`, `5m` or `1h`.
package struct TimeSpan: TextValue {
    /// Milliseconds.
    package let milliseconds: Int

    /// Makes a span from seconds.
    package init(seconds: Int) { milliseconds = seconds * 1000 }

    /// Accepts a whole number with its unit, up to 24h.
    package init(_ text: String) throws {
        for (suffix, size) in [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)] where text.hasSuffix(suffix) {
            let digits = text.dropLast(suffix.count)
            guard !digits.isEmpty, digits.utf8.count <= 9, digits.utf8.allSatisfy({ (48...57).contains($0) }),
                let count = Int(digits), count > 0, count * size <= 86_400_000
            else { break }
            milliseconds = count * size
            return
        }
        throw InvalidValue(kind: "duration", text: text, rule: "use a whole number and a unit, such as 10s, 5m or 1h")
    }

    /// The canonical form, in the largest unit that keeps it whole.
    package var text: String {
        for (suffix, size) in [("h", 3_600_000), ("m", 60_000), ("s", 1000)] where milliseconds.isMultiple(of: size) {
            return "\(milliseconds / size)\(suffix)"
        }
        return "\(milliseconds)ms"
    }

    /// Orders by length.
    package static func < (left: TimeSpan, right: TimeSpan) -> Bool { left.milliseconds < right.milliseconds }
}
