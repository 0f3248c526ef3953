// SPDX-License-Identifier: Apache-2.0

import ForgeOCI

/// Lists directories as the members of image layers: absolute names without a slash at the end, parents first, then
/// everything in byte order, one time for all, so that equal content is an equal layer.
struct LayerArchive {
    /// 1980-01-01T00:00:01Z: the earliest time that zip files, and so Python's importer, can hold.
    static let modified: Int64 = 315_532_801
    private static let maximumEntries = 2_000_000

    private(set) var entries: [TarEntry] = []
    private let uid: UInt32
    private let gid: UInt32
    private var names: [Inode: String] = [:]
    private var parents: Set<String> = []

    private struct Inode: Hashable {
        let device: UInt64
        let number: UInt64
    }

    /// Members belong to this owner, their parents to root.
    init(uid: UInt32, gid: UInt32) {
        self.uid = uid
        self.gid = gid
    }

    /// Adds the directories above `path`, each once.
    mutating func addParents(of path: String) {
        var parent = ""
        for part in path.split(separator: "/").dropLast() {
            parent += "/" + part
            guard parents.insert(parent).inserted else { continue }
            entries.append(TarEntry(name: parent, kind: .directory, mode: 0o755, modified: Self.modified))
        }
    }

    /// Adds what is at `path` and below, without following any link.
    mutating func addTree(_ path: String) throws {
        let status = try FileStatus(of: path)
        try addItem(path, status)
        guard status.kind == .directory else { return }
        for name in try Directory.names(in: path) { try addTree(path + "/" + name) }
    }

    /// Adds what is at `path` itself, with another mode where one is given.
    mutating func addItem(_ path: String, _ status: FileStatus, mode: UInt32? = nil) throws {
        guard entries.count < Self.maximumEntries else {
            throw PhaseError(PhaseError.Code.export, "'\(path)': a layer has more than \(Self.maximumEntries) files")
        }
        let kind: TarEntry.Kind
        switch status.kind {
        case .directory: kind = .directory
        case .symbolicLink: kind = .symbolicLink(target: try Directory.target(ofLink: path))
        case .file:
            let inode = Inode(device: status.device, number: status.stamp.inode)
            if status.links > 1, let first = names[inode] {
                kind = .hardLink(target: first)
            } else {
                if status.links > 1 { names[inode] = path }
                kind = .file(status.stamp, path: path)
            }
        case .special: return
        }
        let mode = mode ?? (status.kind == .symbolicLink ? 0o777 : status.mode)
        entries.append(TarEntry(name: path, kind: kind, mode: mode, uid: uid, gid: gid, modified: Self.modified))
    }

    /// Adds a member whose content is not on disk, or comes from another place, as root's.
    mutating func addOwn(_ path: String, _ kind: TarEntry.Kind, mode: UInt32) {
        addParents(of: path)
        entries.append(TarEntry(name: path, kind: kind, mode: mode, modified: Self.modified))
    }

    /// The layer of one directory.
    static func directory(_ path: String, uid: UInt32, gid: UInt32) throws -> LayerArchive {
        var archive = LayerArchive(uid: uid, gid: gid)
        archive.addParents(of: path)
        try archive.addTree(path)
        return archive
    }
}
