// SPDX-License-Identifier: Apache-2.0

import ForgeOCI

/// Divides the app directory into layers by the globs of launch.toml (buildpack specification, launch.toml, slices).
struct AppSlices {
    private let root: String
    private let uid: UInt32
    private let gid: UInt32
    /// Every path below the root, relative, in the order of a walk.
    private var paths: [(parts: [String], status: FileStatus)] = []

    init(root: String, uid: UInt32, gid: UInt32) throws {
        self.root = root
        self.uid = uid
        self.gid = gid
        try list([])
    }

    private mutating func list(_ directory: [String]) throws {
        for name in try Directory.names(in: location(directory)) {
            let path = directory + [name]
            let status = try FileStatus(of: location(path))
            paths.append((path, status))
            if status.kind == .directory { try list(path) }
        }
    }

    /// One archive per slice, and the last with everything that no slice took. A slice without any match is empty.
    func archives(_ slices: [LaunchFile.Slice]) throws -> [LayerArchive] {
        var owner = [Int?](repeating: nil, count: paths.count)
        for (number, slice) in slices.enumerated() {
            let patterns = try slice.paths.map(segments)
            for index in paths.indices where owner[index] == nil {
                let parts = paths[index].parts
                let isTaken = patterns.contains { pattern in
                    guard !pattern.isEmpty else { return true }
                    // A directory that matches takes everything in it.
                    return pattern.count <= parts.count
                        && zip(pattern, parts).allSatisfy { Glob.matches($0, Array($1.utf8)) }
                }
                if isTaken { owner[index] = number }
            }
        }
        var archives = try slices.indices.map { number in
            try archive { owner[$0] == number }
        }
        archives.append(try archive(withRoot: true) { owner[$0] == nil })
        return archives
    }

    private func archive(withRoot: Bool = false, _ isIncluded: (Int) -> Bool) throws -> LayerArchive {
        var archive = LayerArchive(uid: uid, gid: gid)
        let included = paths.indices.filter(isIncluded)
        guard withRoot || !included.isEmpty else { return archive }
        archive.addParents(of: root)
        // The folder itself is where a volume is mounted, and its mode says how that was made.
        try archive.addItem(root, FileStatus(of: root), mode: 0o755)
        var present: Set<[String]> = []
        for index in included {
            let (parts, status) = paths[index]
            // A layer brings the directories above its files, so that they keep their owner and mode.
            for length in 1..<max(parts.count, 1) where present.insert(Array(parts[..<length])).inserted {
                let parent = Array(parts[..<length])
                try archive.addItem(location(parent), FileStatus(of: location(parent)))
            }
            if present.insert(parts).inserted { try archive.addItem(location(parts), status) }
        }
        return archive
    }

    private func segments(_ pattern: String) throws -> [[UInt8]] {
        var relative = pattern[...]
        if pattern.hasPrefix("/") {
            guard pattern == root || pattern.hasPrefix(root + "/") else {
                throw PhaseError(PhaseError.Code.export, "slice '\(pattern)' is outside of \(root)")
            }
            relative = pattern.dropFirst(root.count)
        }
        let parts = relative.split(separator: "/").filter { $0 != "." }.map { Array($0.utf8) }
        guard !parts.contains(Array("..".utf8)), parts.allSatisfy(Glob.isWellFormed) else {
            throw PhaseError(PhaseError.Code.export, "slice '\(pattern)' is not a pattern within the app folder")
        }
        return parts
    }

    private func location(_ parts: [String]) -> String { ([root] + parts).joined(separator: "/") }
}
