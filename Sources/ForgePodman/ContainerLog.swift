// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Reads a log file as conmon writes it (`k8s-file`): `<time> stdout|stderr F|P <text>` per line, where P is a piece of
/// a line that goes on (Kubernetes CRI logging format).
///
/// podman's own log API has whole seconds and leaves pieces of long lines apart, so the file is read itself.
final class ContainerLog {
    /// One line.
    struct Line: Hashable, Sendable {
        let at: Moment
        let text: String
    }

    /// What is longer is cut.
    static let longestLine = 64 << 10
    private static let block = 64 << 10

    private let path: String
    private var file: Int32 = -1
    private var inode: ino_t = 0
    private var offset: off_t = 0
    /// Bytes behind the last line end.
    private var rest: [UInt8] = []
    /// Pieces of a line that goes on, for each stream.
    private var pieces: [UInt8: [UInt8]] = [:]

    /// Names a file; it may come later.
    init(path: String) { self.path = path }

    deinit {
        if file >= 0 { close(file) }
    }

    /// The lines that end in the next 64 KiB, possibly none; nil when nothing more is written for now.
    ///
    /// When conmon has started a new file, for the old one had its size, reading goes on in the new one.
    func nextLines() -> [Line]? {
        guard openFile() else { return nil }
        var bytes = [UInt8](repeating: 0, count: Self.block)
        let got = pread(file, &bytes, bytes.count, offset)
        if got > 0 {
            offset += off_t(got)
            return take(bytes[..<got])
        }
        guard isReplaced() else { return nil }
        close(file)
        file = -1
        rest = []
        return []
    }

    /// The lines that were written since the last call. A container may write faster than it is read, so this ends after
    /// 16 MiB, which is more than a workload's file holds; the next call goes on there.
    func newLines() -> [Line] {
        var lines: [Line] = []
        for _ in 0..<256 {
            guard let more = nextLines() else { break }
            lines += more
        }
        return lines
    }

    /// Moves to the place from which `count` lines follow, long ones counted by their pieces, or to the start.
    func skip(toLast count: Int) {
        guard openFile() else { return }
        let size = lseek(file, 0, SEEK_END)
        var found = 0
        var end = size
        while end > 0 {
            let start = max(0, end - off_t(Self.block))
            var bytes = [UInt8](repeating: 0, count: Int(end - start))
            guard pread(file, &bytes, bytes.count, start) == bytes.count else { break }
            for index in bytes.indices.reversed() where bytes[index] == UInt8(ascii: "\n") {
                found += 1
                // One line end more than lines: the newest line has one behind it.
                guard found > count else { continue }
                offset = start + off_t(index) + 1
                return
            }
            end = start
        }
        offset = 0
    }

    /// The last lines of a file, at most 50; none when it cannot be read.
    static func lastLines(of path: String) -> [String] {
        let log = ContainerLog(path: path)
        log.skip(toLast: 50)
        return log.newLines().suffix(50).map(\.text)
    }

    // MARK: The file

    private func openFile() -> Bool {
        guard file < 0 else { return true }
        file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        var status = stat()
        inode = fstat(file, &status) == 0 ? status.st_ino : 0
        offset = 0
        return true
    }

    private func isReplaced() -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_ino != inode
    }

    // MARK: Lines

    private func take(_ bytes: ArraySlice<UInt8>) -> [Line] {
        rest += bytes
        var lines: [Line] = []
        var start = 0
        while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
            if let line = line(rest[start..<end]) { lines.append(line) }
            start = end + 1
        }
        rest.removeFirst(start)
        return lines
    }

    /// A finished line; nil for a piece, or for what is no log line.
    private func line(_ bytes: ArraySlice<UInt8>) -> Line? {
        let space = UInt8(ascii: " ")
        let fields = bytes.split(separator: space, maxSplits: 3, omittingEmptySubsequences: false)
        guard fields.count == 4, let at = Moment(fields[0]), let flag = fields[2].first,
            let stream = fields[1].last
        else { return nil }
        let room = Self.longestLine - (pieces[stream]?.count ?? 0)
        pieces[stream, default: []] += fields[3].prefix(max(room, 0))
        guard flag == UInt8(ascii: "F") else { return nil }
        return Line(at: at, text: String(decoding: pieces.removeValue(forKey: stream) ?? [], as: UTF8.self))
    }
}
