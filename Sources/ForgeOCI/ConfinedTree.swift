// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Makes things below one directory, by paths whose components are opened one by one without following links.
struct ConfinedTree {
    private let root: FileDescriptorOwner
    private let rootPath: String
    /// The last parent that was opened; archives list a directory's members one after the other.
    private var recent: (path: [String], descriptor: FileDescriptorOwner)?

    init(root path: String) throws {
        rootPath = path
        root = try FileDescriptorOwner(opening: path, flags: O_DIRECTORY)
    }

    mutating func makeDirectory(_ path: [String]) throws { _ = try directory(path) }

    /// Sets what a directory must not have while members are still put into it.
    mutating func finishDirectory(_ path: [String], mode: UInt32, modified: Int64) throws {
        let descriptor = try directory(path)
        recent = nil
        try SystemCallError.check("set the mode of", shown(path)) { fchmod(descriptor.number, mode_t(mode)) }
        try setTime(modified, of: descriptor, path)
    }

    mutating func createFile(_ path: [String], mode: UInt32) throws -> FileDescriptorOwner {
        let (parent, name) = try parent(of: path)
        let descriptor = FileDescriptorOwner(
            adopting: try replacing(parent, name, path, "create") {
                openat(parent.number, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
            }
        )
        try SystemCallError.check("set the mode of", shown(path)) { fchmod(descriptor.number, mode_t(mode)) }
        return descriptor
    }

    mutating func makeSymbolicLink(_ path: [String], target: String) throws {
        let (parent, name) = try parent(of: path)
        _ = try replacing(parent, name, path, "link") { symlinkat(target, parent.number, name) }
    }

    mutating func makeHardLink(_ path: [String], to target: [String]) throws {
        let (source, sourceName) = try parent(of: target)
        let (parent, name) = try parent(of: path)
        _ = try replacing(parent, name, path, "link") { linkat(source.number, sourceName, parent.number, name, 0) }
    }

    func setTime(_ seconds: Int64, of descriptor: FileDescriptorOwner, _ path: [String]) throws {
        let time = timespec(tv_sec: Int(seconds), tv_nsec: 0)
        try SystemCallError.check("set the time of", shown(path)) { futimens(descriptor.number, [time, time]) }
    }

    /// Repeats a creation once after removing what has the name; removing never follows a link.
    private func replacing(
        _ parent: FileDescriptorOwner,
        _ name: String,
        _ path: [String],
        _ call: String,
        _ body: () -> Int32
    ) throws -> Int32 {
        do {
            return try SystemCallError.check(call, shown(path), body)
        } catch let error as SystemCallError where error.code == EEXIST {
            try SystemCallError.check("replace", shown(path)) { unlinkat(parent.number, name, 0) }
            return try SystemCallError.check(call, shown(path), body)
        }
    }

    private mutating func parent(of path: [String]) throws -> (FileDescriptorOwner, String) {
        guard let name = path.last else {
            throw TarError.refused(name: shown(path), reason: "stands for the root itself")
        }
        return (try directory(Array(path.dropLast())), name)
    }

    private mutating func directory(_ path: [String]) throws -> FileDescriptorOwner {
        if let recent, recent.path == path { return recent.descriptor }
        var current = root
        for (depth, name) in path.enumerated() {
            if mkdirat(current.number, name, 0o755) != 0, errno != EEXIST {
                throw SystemCallError(call: "create", path: shown(Array(path[...depth])), code: errno)
            }
            let number = try SystemCallError.check("enter", shown(Array(path[...depth]))) {
                openat(current.number, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            }
            current = FileDescriptorOwner(adopting: number)
        }
        recent = (path, current)
        return current
    }

    private func shown(_ path: [String]) -> String { ([rootPath] + path).joined(separator: "/") }
}
