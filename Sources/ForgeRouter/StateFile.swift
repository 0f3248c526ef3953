// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import Glibc

/// Small files of the router's folder: replaced as a whole, readable by their owner only.
enum StateFile {
    /// The file's bytes, nil if it does not exist.
    static func read(_ path: String, limit: Int) throws -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw RouterError.system(path)
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        while true {
            let start = bytes.count
            let count = try withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 1) { buffer in
                let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                guard count >= 0 else { throw RouterError.system(path) }
                bytes.append(contentsOf: buffer[..<count])
                return count
            }
            if count == 0 { return bytes }
            guard start + count <= limit else { throw RouterError("\(path): it has more than \(limit) bytes") }
        }
    }

    /// Writes beside the file and renames, so that a reader or a crash sees the old or the new content.
    static func replace(_ path: String, with bytes: [UInt8]) throws {
        let draft = path + ".new"
        try write(bytes, to: draft)
        guard rename(draft, path) == 0 else { throw RouterError.system(path) }
    }

    /// Writes a file with mode 0600. A table lost with the power is no loss: the whole is pushed again.
    static func write(_ bytes: [UInt8], to path: String) throws {
        unlink(path)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw RouterError.system(path) }
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw RouterError.system(path) }
            rest = rest.dropFirst(count)
        }
    }

    /// Makes a folder with mode 0700, or takes that of an existing one back to it.
    static func makeFolder(_ path: String) throws {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST, chmod(path, 0o700) == 0 else {
            throw RouterError.system(path)
        }
    }
}
