// SPDX-License-Identifier: Apache-2.0

/// Takes an archive apart as its bytes arrive: USTAR, pax and the GNU long-name members.
struct TarReader {
    /// What was found, in order.
    enum Event {
        case member(Member)
        case content(UnsafeRawBufferPointer)
        case endOfMember
    }

    struct Member {
        enum Kind { case file, directory, symbolicLink, hardLink, special }

        var name: String
        var kind: Kind
        var link: String
        var mode: UInt32
        var modified: Int64
        var size: Int64
    }

    private enum State { case header, content, metadata(UInt8), padding, ended }

    private static let metadataLimit: Int64 = 1 << 20

    private var state = State.header
    private var buffer: [UInt8] = []
    private var remaining: Int64 = 0
    private var pad = 0
    private var overrides: [String: String] = [:]

    /// Takes the next bytes and reports what they hold.
    mutating func write(_ chunk: [UInt8], to sink: (Event) throws -> Void) throws {
        try chunk.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                switch state {
                case .header:
                    try collect(TarHeader.blockSize, from: &rest)
                    if buffer.count == TarHeader.blockSize { try header(sink) }
                case .content:
                    let part = rest.prefix(Int(min(remaining, Int64(rest.count))))
                    try sink(.content(UnsafeRawBufferPointer(rebasing: part)))
                    rest = rest.dropFirst(part.count)
                    remaining -= Int64(part.count)
                    if remaining == 0 { try endContent(sink) }
                case .metadata(let type):
                    let wanted = Int(remaining)
                    try collect(wanted, from: &rest)
                    if buffer.count == wanted { try metadata(type) }
                case .padding:
                    let skipped = min(pad, rest.count)
                    rest = rest.dropFirst(skipped)
                    pad -= skipped
                    if pad == 0 { state = .header }
                case .ended: return
                }
            }
        }
    }

    /// Checks that the archive did not end within a member.
    func finish() throws {
        switch state {
        case .ended: return
        case .header where buffer.isEmpty: return
        default: throw TarError.damaged(reason: "it ends early")
        }
    }

    private mutating func collect(_ wanted: Int, from rest: inout Slice<UnsafeRawBufferPointer>) throws {
        let part = rest.prefix(wanted - buffer.count)
        buffer.append(contentsOf: part)
        rest = rest.dropFirst(part.count)
    }

    private mutating func header(_ sink: (Event) throws -> Void) throws {
        defer { buffer.removeAll(keepingCapacity: true) }
        if buffer.allSatisfy({ $0 == 0 }) {
            state = .ended
            return
        }
        let stated = try octal(148, 8)
        let sum = buffer.enumerated().reduce(Int64(0)) {
            $0 + ((148..<156).contains($1.offset) ? 32 : Int64($1.element))
        }
        guard stated == sum else { throw TarError.damaged(reason: "a header's checksum is wrong") }

        let type = buffer[156]
        let size = try overrides["size"].flatMap { Int64($0) } ?? number(124, 12)
        guard size >= 0 else { throw TarError.damaged(reason: "a member has a negative size") }
        if [UInt8(ascii: "x"), UInt8(ascii: "g"), UInt8(ascii: "L"), UInt8(ascii: "K")].contains(type) {
            guard size <= Self.metadataLimit else { throw TarError.damaged(reason: "an extended header is too long") }
            expect(size)
            state = size == 0 ? .header : .metadata(type)
            return
        }
        let member = try self.member(type: type, size: size)
        overrides = [:]
        try sink(.member(member))
        expect(member.size)
        if remaining == 0 { try endContent(sink) } else { state = .content }
    }

    /// Content of `size` bytes follows, filled up to whole blocks.
    private mutating func expect(_ size: Int64) {
        remaining = size
        pad = TarHeader.padding(size).count
    }

    private func member(type: UInt8, size: Int64) throws -> Member {
        let prefix = buffer[257..<262].elementsEqual("ustar".utf8) ? text(345, 155) : ""
        let plain = prefix.isEmpty ? text(0, 100) : prefix + "/" + text(0, 100)
        let name = overrides["path"] ?? plain
        let kind: Member.Kind =
            switch type {
            case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): name.hasSuffix("/") ? .directory : .file
            case UInt8(ascii: "1"): .hardLink
            case UInt8(ascii: "2"): .symbolicLink
            case UInt8(ascii: "5"): .directory
            default: .special
            }
        return Member(
            name: name,
            kind: kind,
            link: overrides["linkpath"] ?? text(157, 100),
            mode: UInt32(truncatingIfNeeded: try octal(100, 8)) & 0o7777,
            modified: try number(136, 12),
            size: kind == .file || kind == .special ? size : 0
        )
    }

    private mutating func endContent(_ sink: (Event) throws -> Void) throws {
        try sink(.endOfMember)
        state = pad > 0 ? .padding : .header
    }

    private mutating func metadata(_ type: UInt8) throws {
        switch type {
        case UInt8(ascii: "x"): try pax()
        case UInt8(ascii: "L"): overrides["path"] = String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
        case UInt8(ascii: "K"): overrides["linkpath"] = String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
        default: break
        }
        buffer.removeAll(keepingCapacity: true)
        state = pad > 0 ? .padding : .header
    }

    private mutating func pax() throws {
        var rest = buffer[...]
        while let space = rest.firstIndex(of: UInt8(ascii: " ")) {
            guard let length = Int(String(decoding: rest[..<space], as: UTF8.self)), length <= rest.count,
                length > space - rest.startIndex + 1
            else { throw TarError.damaged(reason: "an extended header has a wrong length") }
            let record = rest[(space + 1)..<(rest.startIndex + length)].dropLast()
            guard let equals = record.firstIndex(of: UInt8(ascii: "=")) else {
                throw TarError.damaged(reason: "an extended header has no '='")
            }
            let key = String(decoding: record[..<equals], as: UTF8.self)
            overrides[key] = String(decoding: record[(equals + 1)...], as: UTF8.self)
            rest = rest.dropFirst(length)
        }
    }

    private func text(_ offset: Int, _ length: Int) -> String {
        String(decoding: buffer[offset..<(offset + length)].prefix { $0 != 0 }, as: UTF8.self)
    }

    /// A number in octal digits, or in base 256 where GNU tar writes one that is too large for them.
    private func number(_ offset: Int, _ length: Int) throws -> Int64 {
        guard buffer[offset] & 0x80 != 0 else { return try octal(offset, length) }
        return buffer[(offset + length - 8)..<(offset + length)].reduce(0) { $0 << 8 | Int64($1) }
    }

    private func octal(_ offset: Int, _ length: Int) throws -> Int64 {
        let digits = buffer[offset..<(offset + length)].filter { $0 != 0 && $0 != UInt8(ascii: " ") }
        if digits.isEmpty { return 0 }
        guard let value = Int64(String(decoding: digits, as: UTF8.self), radix: 8) else {
            throw TarError.damaged(reason: "a header has a number that is not octal")
        }
        return value
    }
}
