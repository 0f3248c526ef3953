// SPDX-License-Identifier: Apache-2.0

/// The 512-byte blocks in front of a member (POSIX.1-1988 USTAR; POSIX.1-2001 pax §extended header where USTAR is too
/// small: names over 255 bytes or outside ASCII, and files of 8 GiB or more).
enum TarHeader {
    static let blockSize = 512
    private static let octalMaximum: Int64 = 0o777_7777_7777
    private static let ownerMaximum: UInt32 = 0o777_7777

    /// The header blocks of `entry`.
    static func encode(_ entry: TarEntry) throws -> [UInt8] {
        var records: [(String, String)] = []
        let (prefix, name) = split(entry.name) ?? ("", "")
        if name.isEmpty { records.append(("path", entry.name)) }
        let link = linkTarget(entry)
        let linkFits = link.utf8.count <= 100 && link.utf8.allSatisfy { $0 < 0x80 }
        if !linkFits { records.append(("linkpath", link)) }
        if entry.size > octalMaximum { records.append(("size", String(entry.size))) }
        if entry.uid > ownerMaximum { records.append(("uid", String(entry.uid))) }
        if entry.gid > ownerMaximum { records.append(("gid", String(entry.gid))) }
        guard !entry.name.isEmpty, !entry.name.utf8.contains(0), !link.utf8.contains(0) else {
            throw TarError.unwritable(name: entry.name, reason: "a name is empty or has a zero byte")
        }
        guard (0...octalMaximum).contains(entry.modified) else {
            throw TarError.unwritable(name: entry.name, reason: "its time is outside of what the format holds")
        }

        var blocks: [UInt8] = []
        if !records.isEmpty {
            let body = records.sorted { $0.0 < $1.0 }.flatMap { record($0.0, $0.1) }
            let extended = TarEntry(name: "PaxHeaders.0/entry", kind: .bytes(body), mode: 0o644)
            blocks += block(extended, type: UInt8(ascii: "x"), prefix: "", name: extended.name, link: "")
            blocks += body + padding(Int64(body.count))
        }
        blocks += block(
            entry,
            type: type(of: entry),
            prefix: prefix,
            name: name.isEmpty ? shortened(entry.name) : name,
            link: linkFits ? link : shortened(link)
        )
        return blocks
    }

    /// The zeros that fill up the last block of `size` bytes of content.
    static func padding(_ size: Int64) -> [UInt8] {
        let rest = Int(size % Int64(blockSize))
        return rest == 0 ? [] : [UInt8](repeating: 0, count: blockSize - rest)
    }

    private static func linkTarget(_ entry: TarEntry) -> String {
        switch entry.kind {
        case .symbolicLink(let target), .hardLink(let target): target
        case .directory, .bytes, .file: ""
        }
    }

    private static func type(of entry: TarEntry) -> UInt8 {
        switch entry.kind {
        case .bytes, .file: UInt8(ascii: "0")
        case .hardLink: UInt8(ascii: "1")
        case .symbolicLink: UInt8(ascii: "2")
        case .directory: UInt8(ascii: "5")
        }
    }

    /// The name in the two fields of USTAR, or `nil` when it does not fit them.
    private static func split(_ name: String) -> (prefix: String, name: String)? {
        let bytes = Array(name.utf8)
        guard bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
        if bytes.count <= 100 { return ("", name) }
        guard bytes.count <= 256,
            let slash = bytes.indices.first(where: { index in
                bytes[index] == UInt8(ascii: "/") && index > 0 && index <= 155
                    && (1...100).contains(bytes.count - index - 1)
            })
        else { return nil }
        return (
            String(decoding: bytes[..<slash], as: UTF8.self),
            String(decoding: bytes[(slash + 1)...], as: UTF8.self)
        )
    }

    private static func shortened(_ text: String) -> String {
        String(decoding: text.utf8.filter { $0 < 0x80 }.prefix(100), as: UTF8.self)
    }

    /// `length key=value\n`, where the length counts itself.
    private static func record(_ key: String, _ value: String) -> [UInt8] {
        let rest = " \(key)=\(value)\n"
        var length = rest.utf8.count
        while String(length).utf8.count + rest.utf8.count != length {
            length = String(length).utf8.count + rest.utf8.count
        }
        return Array("\(length)\(rest)".utf8)
    }

    private static func block(_ entry: TarEntry, type: UInt8, prefix: String, name: String, link: String) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: blockSize)
        func put(_ text: String, at offset: Int) {
            for (index, byte) in text.utf8.enumerated() { bytes[offset + index] = byte }
        }
        func put(octal value: Int64, digits: Int, at offset: Int) {
            let text = String(value, radix: 8)
            put(String(repeating: "0", count: max(0, digits - text.utf8.count)) + text, at: offset)
        }
        put(name, at: 0)
        put(octal: Int64(entry.mode & 0o7777), digits: 7, at: 100)
        put(octal: Int64(entry.uid <= ownerMaximum ? entry.uid : 0), digits: 7, at: 108)
        put(octal: Int64(entry.gid <= ownerMaximum ? entry.gid : 0), digits: 7, at: 116)
        put(octal: entry.size <= octalMaximum ? entry.size : 0, digits: 11, at: 124)
        put(octal: entry.modified, digits: 11, at: 136)
        put("        ", at: 148)
        bytes[156] = type
        put(link, at: 157)
        put("ustar", at: 257)
        put("00", at: 263)
        put(octal: 0, digits: 7, at: 329)
        put(octal: 0, digits: 7, at: 337)
        put(prefix, at: 345)
        let sum = bytes.reduce(0) { $0 + Int64($1) }
        put(octal: sum, digits: 6, at: 148)
        bytes[154] = 0
        bytes[155] = UInt8(ascii: " ")
        return bytes
    }
}
