// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Writes members as a tar archive while it is pulled; the same members give the same bytes.
///
/// Memory stays at one chunk, files are read when their turn comes, and the trailer is exactly two zero blocks.
package struct TarStream: ByteSource {
    private static let chunkSize = 256 << 10

    private var entries: IndexingIterator<[TarEntry]>
    private var current: OpenFile?
    private var ended = false

    private struct OpenFile {
        let file: FileDescriptorOwner
        let path: String
        let stamp: FileStamp
        var remaining: Int64
    }

    /// Writes the members in the order given.
    package init(_ entries: [TarEntry]) { self.entries = entries.makeIterator() }

    /// The next bytes. Throws ``TarError`` when a file is not what it was when it was listed.
    package mutating func next() throws -> [UInt8]? {
        var chunk: [UInt8] = []
        chunk.reserveCapacity(Self.chunkSize + 2 * TarHeader.blockSize)
        while chunk.count < Self.chunkSize, !ended {
            if current != nil {
                try readContent(into: &chunk)
            } else if let entry = entries.next() {
                try begin(entry, in: &chunk)
            } else {
                chunk += [UInt8](repeating: 0, count: 2 * TarHeader.blockSize)
                ended = true
            }
        }
        return chunk.isEmpty ? nil : chunk
    }

    private mutating func begin(_ entry: TarEntry, in chunk: inout [UInt8]) throws {
        chunk += try TarHeader.encode(entry)
        switch entry.kind {
        case .bytes(let bytes): chunk += bytes + TarHeader.padding(entry.size)
        case .file(let stamp, let path):
            let file = try FileDescriptorOwner(opening: path, flags: O_NONBLOCK)
            guard try FileStatus(of: file, path: path).stamp == stamp else { throw TarError.changed(path: path) }
            current = OpenFile(file: file, path: path, stamp: stamp, remaining: stamp.size)
        case .directory, .symbolicLink, .hardLink: break
        }
    }

    private mutating func readContent(into chunk: inout [UInt8]) throws {
        guard var open = current else { return }
        if open.remaining > 0 {
            let wanted = Int(min(open.remaining, Int64(Self.chunkSize - chunk.count)))
            let part = try open.file.read(upTo: wanted, path: open.path)
            guard part.count == wanted else { throw TarError.changed(path: open.path) }
            chunk += part
            open.remaining -= Int64(wanted)
        }
        current = open
        guard open.remaining == 0 else { return }
        guard try FileStatus(of: open.file, path: open.path).stamp == open.stamp else {
            throw TarError.changed(path: open.path)
        }
        chunk += TarHeader.padding(open.stamp.size)
        current = nil
    }
}
