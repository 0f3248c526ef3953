// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Small files of the user's: read whole and bounded, replaced atomically.
enum TextFile {
    /// What a file holds, and who may read it.
    struct Content {
        let bytes: [UInt8]
        let mode: mode_t
    }

    /// Reads a regular file; nil when there is none. Throws a failure that names the file.
    static func read(_ path: String, limit: Int) throws -> Content? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw unreadable(path, errno)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unreadable(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw CommandFailure("unreadable", "\(path) is not a regular file", .data)
        }
        guard Int(status.st_size) <= limit else {
            throw CommandFailure("unreadable", "\(path) has more than \(limit >> 10) KiB", .data)
        }
        return Content(bytes: try bytes(descriptor, path, limit), mode: status.st_mode)
    }

    private static func bytes(_ descriptor: Int32, _ path: String, _ limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count <= limit {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { return bytes }
            if count > 0 {
                bytes += buffer[..<count]
            } else if errno != EINTR {
                throw unreadable(path, errno)
            }
        }
        throw CommandFailure("unreadable", "\(path) grows while it is read", .data)
    }

    /// Writes a file next to the old one and puts it in its place; makes the folders above it.
    static func replace(_ path: String, with bytes: [UInt8], mode: mode_t) throws {
        try makeFolder(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
        let temporary = "\(path).\(getpid()).new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { throw unwritable(path, errno) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno != EINTR { break }
            rest = rest.dropFirst(max(0, count))
        }
        let isWritten = rest.isEmpty && fsync(descriptor) == 0
        close(descriptor)
        guard isWritten, rename(temporary, path) == 0 else {
            let fault = errno
            unlink(temporary)
            throw unwritable(path, fault)
        }
    }

    /// Makes a folder and those above it, for the user only.
    static func makeFolder(_ path: String) throws {
        guard !path.isEmpty, mkdir(path, 0o700) != 0, errno != EEXIST else { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/") else { throw unwritable(path, errno) }
        try makeFolder(String(path[..<slash]))
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw unwritable(path, errno) }
    }

    private static func unreadable(_ path: String, _ fault: Int32) -> CommandFailure {
        CommandFailure("unreadable", "\(path) cannot be read: \(String(cString: strerror(fault)))", .data)
    }

    private static func unwritable(_ path: String, _ fault: Int32) -> CommandFailure {
        CommandFailure("unwritable", "\(path) cannot be written: \(String(cString: strerror(fault)))", .failed)
    }
}
