// SPDX-License-Identifier: Apache-2.0

/// Reads a source tree into the members of its archive.
struct SourceListing {
    private static let maximumDepth = 100
    private static let maximumIgnoreFile: Int64 = 1 << 20

    private let root: String
    private let limits: SourcePacker.Limits
    private(set) var entries: [TarEntry] = []
    private(set) var files = 0
    private(set) var warnings: [String] = []
    private var bytes: Int64 = 0

    init(root: String, limits: SourcePacker.Limits) {
        self.root = root
        self.limits = limits
    }

    /// Lists the whole tree.
    mutating func read(_ rules: IgnoreRules) throws { try read([], rules) }

    private mutating func read(_ directory: [String], _ inherited: IgnoreRules) throws {
        guard directory.count <= Self.maximumDepth else { throw SourceError.tooDeep(path: shown(directory)) }
        let names = try Directory.names(in: location(directory))
        var rules = inherited
        for name in IgnoreRules.fileNames where names.contains(name) {
            if let bytes = try ignoreFile(directory + [name]) {
                rules.add(file: name, bytes: bytes, depth: directory.count)
            }
        }
        for name in names where name != ".git" {
            let path = directory + [name]
            let status = try FileStatus(of: location(path))
            if rules.ignores(path, isDirectory: status.kind == .directory) { continue }
            try add(path, status, rules)
        }
    }

    private mutating func add(_ path: [String], _ status: FileStatus, _ rules: IgnoreRules) throws {
        switch status.kind {
        case .directory:
            let position = entries.count
            try append(TarEntry(name: shown(path), kind: .directory, mode: 0o755))
            try read(path, rules)
            if entries.count == position + 1 { entries.removeLast() }
        case .file:
            files += 1
            let mode: UInt32 = status.mode & 0o100 == 0 ? 0o644 : 0o755
            try append(TarEntry(name: shown(path), kind: .file(status.stamp, path: location(path)), mode: mode))
        case .symbolicLink:
            let target = try Directory.target(ofLink: location(path))
            if let reason = MemberPath.escape(ofLinkTo: target, in: path.dropLast()) {
                throw SourceError.link(path: shown(path), reason: reason)
            }
            files += 1
            try append(TarEntry(name: shown(path), kind: .symbolicLink(target: target), mode: 0o777))
        case .special: warnings.append("'\(shown(path))' is a socket, a device or a pipe and is left out")
        }
    }

    private mutating func append(_ entry: TarEntry) throws {
        entries.append(entry)
        bytes += entry.size + Int64(TarHeader.blockSize)
        guard entries.count <= limits.entries else {
            throw SourceError.tooLarge(what: "\(limits.entries) files", largest: [])
        }
        guard bytes <= limits.bytes else {
            let largest = entries.sorted { $0.size > $1.size }.prefix(3).map { "\($0.name) \($0.size >> 20) MiB" }
            throw SourceError.tooLarge(what: "\(limits.bytes >> 20) MiB", largest: largest)
        }
    }

    private func ignoreFile(_ path: [String]) throws -> [UInt8]? {
        let status = try FileStatus(of: location(path))
        guard status.kind == .file else { return nil }
        guard status.stamp.size <= Self.maximumIgnoreFile else {
            throw SourceError.tooLarge(what: "\(Self.maximumIgnoreFile >> 20) MiB in '\(shown(path))'", largest: [])
        }
        let file = try FileDescriptorOwner(opening: location(path))
        return try file.read(upTo: Int(status.stamp.size), path: shown(path))
    }

    private func shown(_ path: [String]) -> String { path.joined(separator: "/") }
    private func location(_ path: [String]) -> String { ([root] + path).joined(separator: "/") }
}
