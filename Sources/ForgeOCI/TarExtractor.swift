// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Unpacks an archive below one directory as its bytes arrive.
///
/// No member can touch anything outside: names that are absolute or climb are refused, every directory on the way is
/// opened without following symbolic links, and devices and pipes are refused.
package final class TarExtractor {
    /// Which names an archive may have.
    package enum Names: Hashable, Sendable {
        /// Relative names.
        case relative
        /// Relative names; only what is below the given relative path is unpacked, without that path.
        case relativeBelow(String)
        /// Absolute names at or below `only`, a path at or below the given directory, which stands for the root; its
        /// parents are skipped.
        case absoluteBelow(String, only: String)
    }

    /// What to check and what to set.
    package struct Options: Hashable, Sendable {
        /// Which names are accepted.
        package var names: Names
        /// Whether symbolic links must stay inside; otherwise they may point anywhere, and are never followed here.
        package var linksStayInside: Bool
        /// The time that every file gets, in seconds since 1970; `nil` takes the archive's.
        package var modified: Int64?
        /// The most members.
        package var maximumEntries: Int
        /// The most bytes of content.
        package var maximumBytes: Int64

        /// Collects options.
        package init(
            names: Names = .relative,
            linksStayInside: Bool = false,
            modified: Int64? = nil,
            maximumEntries: Int = 2_000_000,
            maximumBytes: Int64 = 64 << 30
        ) {
            self.names = names
            self.linksStayInside = linksStayInside
            self.modified = modified
            self.maximumEntries = maximumEntries
            self.maximumBytes = maximumBytes
        }
    }

    private let options: Options
    private var tree: ConfinedTree
    private var reader = TarReader()
    private var file: (descriptor: FileDescriptorOwner, path: [String], modified: Int64)?
    private var directories: [(path: [String], mode: UInt32, modified: Int64)] = []
    /// How many members were unpacked.
    package private(set) var entries = 0
    /// How many bytes of content were unpacked.
    package private(set) var bytes: Int64 = 0

    /// Unpacks below `root`, which must exist. Throws ``SystemCallError``.
    package init(into root: String, options: Options = Options()) throws {
        self.options = options
        tree = try ConfinedTree(root: root)
    }

    /// Takes the next bytes of the archive. Throws ``TarError`` or ``SystemCallError``.
    package func write(_ chunk: [UInt8]) throws {
        try reader.write(chunk) { event in
            switch event {
            case .member(let member): try begin(member)
            case .content(let part):
                bytes += Int64(part.count)
                if bytes > options.maximumBytes { throw TarError.tooLarge(limit: "\(options.maximumBytes) bytes") }
                if let file { try file.descriptor.write(part, path: file.path.joined(separator: "/")) }
            case .endOfMember:
                if let file { try tree.setTime(file.modified, of: file.descriptor, file.path) }
                file = nil
            }
        }
    }

    /// Checks that the archive was whole and gives directories their permissions and times.
    package func finish() throws {
        try reader.finish()
        for directory in directories.reversed() {
            try tree.finishDirectory(directory.path, mode: directory.mode, modified: directory.modified)
        }
    }

    private func begin(_ member: TarReader.Member) throws {
        entries += 1
        if entries > options.maximumEntries { throw TarError.tooLarge(limit: "\(options.maximumEntries) members") }
        guard let path = try placed(member.name) else { return }
        let modified = options.modified ?? member.modified
        switch member.kind {
        case .directory:
            try tree.makeDirectory(path)
            directories.append((path, member.mode, modified))
        case .file:
            file = (try tree.createFile(path, mode: member.mode), path, modified)
        case .symbolicLink:
            if options.linksStayInside, let reason = MemberPath.escape(ofLinkTo: member.link, in: path.dropLast()) {
                throw TarError.refused(name: member.name, reason: reason)
            }
            try tree.makeSymbolicLink(path, target: member.link)
        case .hardLink:
            guard let target = try placed(member.link) else {
                throw TarError.refused(name: member.name, reason: "is a hard link to something that is not unpacked")
            }
            try tree.makeHardLink(path, to: target)
        case .special: throw TarError.refused(name: member.name, reason: "is a device, a pipe or of an unknown kind")
        }
    }

    /// Where a member goes below the root; `nil` when it is skipped.
    private func placed(_ name: String) throws -> [String]? {
        guard let parts = MemberPath.components(name) else {
            throw TarError.refused(name: name, reason: "has '..' in its name")
        }
        let base: [String]
        switch options.names {
        case .relative: base = []
        case .relativeBelow(let path): base = MemberPath.components(path) ?? []
        case .absoluteBelow(let path, _): base = MemberPath.components(path) ?? []
        }
        if case .absoluteBelow(_, let only) = options.names {
            guard name.hasPrefix("/") else { throw TarError.refused(name: name, reason: "is not absolute") }
            let place = MemberPath.components(only) ?? []
            guard parts.starts(with: place) || place.starts(with: parts) else {
                throw TarError.refused(name: name, reason: "is outside of \(only)")
            }
        } else if name.hasPrefix("/") {
            throw TarError.refused(name: name, reason: "is absolute")
        }
        guard parts.starts(with: base), parts.count > base.count else { return nil }
        return Array(parts.dropFirst(base.count))
    }
}
