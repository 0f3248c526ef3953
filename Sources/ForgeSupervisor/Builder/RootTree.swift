// SPDX-License-Identifier: Apache-2.0

import ForgeOCI

/// A root file system on disk, as the members of image layers.
struct RootTree: Sendable {
    /// What is never part of an image: the machine's, what is only of use while packages are installed, and what
    /// mmdebstrap was told about this machine's way to its mirrors.
    static let excluded: Set<String> = [
        "etc/apt/apt.conf.d/99mmdebstrap", "etc/apt/auth.conf", "etc/apt/auth.conf.d", "etc/apt/sources.list",
        "etc/apt/sources.list.d", "etc/dpkg/dpkg.cfg.d/99mmdebstrap", "etc/hostname", "etc/resolv.conf", "etc/group-",
        "etc/gshadow-", "etc/passwd-",
        "etc/shadow-", "etc/subgid-", "etc/subuid-", "etc/machine-id", "var/cache/ldconfig/aux-cache",
        "var/lib/dpkg/status-old", "var/lib/dpkg/diversions-old", "var/lib/dpkg/statoverride-old",
    ]
    /// Folders of which only the folder itself is part of an image.
    static let emptied: Set<String> = [
        "dev", "proc", "run", "sys", "tmp", "var/cache/apt", "var/cache/debconf", "var/lib/apt/lists", "var/log",
        "var/tmp",
    ]

    /// One name in the tree.
    struct Node: Sendable {
        let name: String
        let status: FileStatus
        let target: String?

        /// Whether the two are the same to whoever uses an image of them.
        func isSame(as other: Node) -> Bool {
            guard status.kind == other.status.kind, status.mode == other.status.mode, status.uid == other.status.uid,
                status.gid == other.status.gid, target == other.target
            else { return false }
            if status.kind != .file { return true }
            return status.stamp.size == other.status.stamp.size && status.stamp.modified == other.status.stamp.modified
        }
    }

    let root: String
    /// In the order in which they are written: a folder before what is in it.
    private(set) var nodes: [Node] = []

    /// Reads the whole tree.
    init(_ root: String) throws {
        self.root = root
        try read("")
    }

    private mutating func read(_ folder: String) throws {
        for name in try Directory.names(in: folder.isEmpty ? root : "\(root)/\(folder)") {
            let path = folder.isEmpty ? name : "\(folder)/\(name)"
            if Self.excluded.contains(path) { continue }
            let status = try FileStatus(of: "\(root)/\(path)")
            switch status.kind {
            case .special: continue
            case .symbolicLink:
                nodes.append(Node(name: path, status: status, target: try Directory.target(ofLink: "\(root)/\(path)")))
            case .file: nodes.append(Node(name: path, status: status, target: nil))
            case .directory:
                nodes.append(Node(name: path, status: status, target: nil))
                if !Self.emptied.contains(path) { try read(path) }
            }
        }
    }

    /// The members of a layer with the whole tree.
    func layer(epoch: Int64) -> [TarEntry] { entries(of: nodes, epoch: epoch) }

    /// The members of a layer that makes this tree out of another one; removed names become whiteouts (image-spec,
    /// layer.md §whiteouts), and every folder on the way is there, as an unpacker would make up its permissions.
    func layer(over base: RootTree, epoch: Int64) -> [TarEntry] {
        let old = Dictionary(base.nodes.map { ($0.name, $0) }) { first, _ in first }
        let names = Set(nodes.map(\.name))
        let folders = Set(nodes.filter { $0.status.kind == .directory }.map(\.name))
        let changed = nodes.filter { node in old[node.name].map { !node.isSame(as: $0) } ?? true }
        let removed = base.nodes.map(\.name).filter { name in
            !names.contains(name) && Self.parents(of: name).last.map { folders.contains($0) } ?? true
        }
        let needed = Set((changed.map(\.name) + removed).flatMap(Self.parents)).union(changed.map(\.name))
        return entries(of: nodes.filter { needed.contains($0.name) }, epoch: epoch)
            + removed.map { name in
                let parts = name.split(separator: "/")
                let whiteout = (parts.dropLast() + [".wh." + (parts.last ?? "")]).joined(separator: "/")
                return TarEntry(name: whiteout, kind: .bytes([]), mode: 0o644, modified: epoch)
            }
    }

    /// The newest time that a package gave to a file, in seconds: what is newer was made by this run and gets this
    /// time, so that the same packages give the same layer. `start` is when the run began.
    func epoch(before start: Int64) -> Int64 {
        nodes.lazy.filter { $0.status.kind == .file }.map { $0.status.stamp.modified / 1_000_000_000 }
            .filter { $0 < start }.max() ?? 0
    }

    private func entries(of nodes: [Node], epoch: Int64) -> [TarEntry] {
        var first: [UInt64: String] = [:]
        return nodes.map { node in
            let status = node.status
            let kind: TarEntry.Kind
            if let target = node.target {
                kind = .symbolicLink(target: target)
            } else if status.kind == .directory {
                kind = .directory
            } else if status.links > 1, let name = first[status.stamp.inode] {
                kind = .hardLink(target: name)
            } else {
                first[status.stamp.inode] = node.name
                kind = .file(status.stamp, path: "\(root)/\(node.name)")
            }
            return TarEntry(
                name: node.name,
                kind: kind,
                mode: status.mode,
                uid: status.uid,
                gid: status.gid,
                modified: min(status.stamp.modified / 1_000_000_000, epoch)
            )
        }
    }

    private static func parents(of name: String) -> [String] {
        let parts = name.split(separator: "/")
        return (1..<max(1, parts.count)).map { parts.prefix($0).joined(separator: "/") }
    }
}
