// SPDX-License-Identifier: Apache-2.0

import ForgeOCI
import FoundationEssentials

/// Small files that a phase reads and writes as a whole.
enum TextFile {
    /// The largest file that is read.
    static let limit: Int64 = 16 << 20

    /// The bytes of a file; `nil` when there is none. A symbolic link is refused.
    static func bytes(_ path: String) throws -> [UInt8]? {
        guard let status = try status(path) else { return nil }
        guard status.kind == .file else {
            throw PhaseError(PhaseError.Code.generic, "'\(path)' is not a file")
        }
        guard status.stamp.size <= limit else {
            throw PhaseError(PhaseError.Code.generic, "'\(path)' has more than \(limit >> 20) MiB")
        }
        var source = try FileSource(path: path)
        var bytes: [UInt8] = []
        while let chunk = try source.next() { bytes += chunk }
        return bytes
    }

    /// Writes a file and the directories that it needs.
    static func write(_ path: String, _ text: String) throws {
        try makeDirectory(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    static func makeDirectory(_ path: String) throws {
        if try status(path)?.kind == .directory { return }
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    /// Removes what is there, links themselves and never what they point to.
    static func remove(_ path: String) throws {
        if try status(path) != nil { try FileManager.default.removeItem(atPath: path) }
    }

    static func exists(_ path: String) throws -> Bool { try status(path) != nil }
    static func isDirectory(_ path: String) throws -> Bool { try status(path)?.kind == .directory }

    /// The names in a directory in byte order; none when it is missing.
    static func names(in path: String) throws -> [String] { try isDirectory(path) ? Directory.names(in: path) : [] }

    static func status(_ path: String) throws -> FileStatus? {
        do {
            return try FileStatus(of: path)
        } catch let error as SystemCallError where error.isMissing {
            return nil
        }
    }
}
