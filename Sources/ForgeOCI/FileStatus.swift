// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What the file system says of a name, without following a symbolic link.
package struct FileStatus: Hashable, Sendable {
    /// The kinds of things that a name can stand for.
    package enum Kind: Hashable, Sendable {
        /// A regular file.
        case file
        /// A directory.
        case directory
        /// A symbolic link.
        case symbolicLink
        /// A socket, a device or a pipe.
        case special
    }

    /// What it is.
    package let kind: Kind
    /// The permission bits.
    package let mode: UInt32
    /// The owner.
    package let uid: UInt32
    /// The group.
    package let gid: UInt32
    /// How many names it has.
    package let links: UInt64
    /// The device it is on.
    package let device: UInt64
    /// Its size, times and number.
    package let stamp: FileStamp

    /// Looks at a path. Throws ``SystemCallError``.
    package init(of path: String) throws {
        var status = stat()
        try SystemCallError.check("stat", path) { lstat(path, &status) }
        self.init(status)
    }

    init(of file: FileDescriptorOwner, path: String) throws {
        var status = stat()
        try SystemCallError.check("stat", path) { fstat(file.number, &status) }
        self.init(status)
    }

    private init(_ status: stat) {
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .directory
            case S_IFLNK: .symbolicLink
            default: .special
            }
        mode = status.st_mode & 0o7777
        uid = status.st_uid
        gid = status.st_gid
        links = UInt64(status.st_nlink)
        device = UInt64(status.st_dev)
        stamp = FileStamp(
            size: Int64(status.st_size),
            modified: Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec),
            changed: Int64(status.st_ctim.tv_sec) * 1_000_000_000 + Int64(status.st_ctim.tv_nsec),
            inode: UInt64(status.st_ino)
        )
    }
}

/// Reading directories and links.
package enum Directory {
    /// The names in a directory in byte order, without `.` and `..`; a symbolic link is not followed.
    /// Throws ``SystemCallError``, or ``TarError`` for a name that is not UTF-8.
    package static func names(in path: String) throws -> [String] {
        let number = try SystemCallError.check("open", path) {
            open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        }
        guard let stream = fdopendir(number) else {
            let code = errno
            close(number)
            throw SystemCallError(call: "open", path: path, code: code)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else { break }
            let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            guard let name = String(validating: bytes, as: UTF8.self) else {
                throw TarError.unwritable(
                    name: "\(path)/\(String(decoding: bytes, as: UTF8.self))",
                    reason: "its name is not UTF-8; rename it"
                )
            }
            if name != ".", name != ".." { names.append(name) }
        }
        guard errno == 0 else { throw SystemCallError(call: "read", path: path, code: errno) }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Where a symbolic link points.
    package static func target(ofLink path: String) throws -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = try SystemCallError.checkSize("read link", path) { readlink(path, &buffer, buffer.count) }
        let bytes = buffer.prefix(length).map { UInt8(bitPattern: $0) }
        guard let target = String(validating: bytes, as: UTF8.self) else {
            throw TarError.unwritable(name: path, reason: "the link's target is not UTF-8")
        }
        return target
    }
}
