// SPDX-License-Identifier: Apache-2.0

/// A range of IPv4 addresses, `10.201.7.0/24`.
struct AddressRange: Hashable, Sendable, CustomStringConvertible {
    /// Where networks get their ranges from: the upper half of the private block 10.0.0.0/8 (RFC 1918), away from
    /// podman's own first choices.
    static let pool = "10.128.0.0/9"
    private static let poolStart: UInt32 = 10 << 24 | 128 << 16
    private static let poolCount: UInt32 = 1 << 15

    let first: UInt32
    let bits: UInt32

    /// Holds a range of `2^(32-bits)` addresses.
    init(first: UInt32, bits: UInt32) {
        self.first = first
        self.bits = bits
    }

    /// Reads `10.88.0.0/16`; nil for anything else, IPv6 included.
    init?(_ text: String) {
        let parts = text.split(separator: "/")
        let numbers = parts.first?.split(separator: ".").compactMap { UInt8($0) } ?? []
        guard parts.count == 2, numbers.count == 4, let bits = UInt32(parts[1]), bits <= 32 else { return nil }
        first = numbers.reduce(0) { $0 << 8 | UInt32($1) }
        self.bits = bits
    }

    var description: String {
        [24, 16, 8, 0].map { String(first >> $0 & 255) }.joined(separator: ".") + "/\(bits)"
    }

    /// Whether the two share an address.
    func overlaps(_ other: AddressRange) -> Bool {
        let shared = min(bits, other.bits)
        return shared == 0 || first >> (32 - shared) == other.first >> (32 - shared)
    }

    /// A range of 256 addresses that overlaps none of `taken`. Where the search starts depends on the network's name,
    /// so that two platforms that cannot see each other's plans seldom choose the same.
    static func free(startingAt hash: [UInt8], taken: [AddressRange]) -> AddressRange? {
        let start = hash.suffix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) } % poolCount
        return (0..<poolCount).lazy
            .map { AddressRange(first: poolStart + ((start + $0) % poolCount) << 8, bits: 24) }
            .first { range in !taken.contains { $0.overlaps(range) } }
    }

    /// Every range that this host has a route to, the default route left out (proc(5), /proc/net/route).
    static func routed() -> [AddressRange] {
        let lines = SmallFile.read("/proc/net/route")?.split(separator: "\n").dropFirst() ?? []
        return lines.compactMap { line in
            let fields = line.split(separator: "\t")
            guard fields.count > 7, let destination = UInt32(fields[1], radix: 16),
                let mask = UInt32(fields[7].prefix { $0.isHexDigit }, radix: 16), mask != 0
            else { return nil }
            return AddressRange(first: destination.byteSwapped, bits: UInt32(mask.nonzeroBitCount))
        }
    }
}
