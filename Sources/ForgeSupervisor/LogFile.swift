// SPDX-License-Identifier: Apache-2.0

import ForgeOCI
import Glibc

/// The output of one part of the platform, or of the supervisor: the newest bytes in `<name>.log`, older ones in `<name>.log.1`.
struct LogFile: Hashable, Sendable {
    /// From this size on, the file is moved away.
    static let limit: Int64 = 16 << 20

    let path: String

    /// Moves the content to `<path>.1` when there is too much of it.
    ///
    /// The writers keep the file open in append mode, so it is copied and cut, not renamed. A line that is written
    /// between the two is lost; a pipe through the supervisor would lose none, but would end the writer with it.
    func rotate(limit: Int64) throws {
        guard let size = try? FileStatus(of: path).stamp.size, size > limit else { return }
        let old = path + ".1"
        let source = try SystemCallError.check("open", path) { open(path, O_RDWR | O_CLOEXEC) }
        defer { close(source) }
        let target = try SystemCallError.check("create", old) {
            open(old, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        }
        defer { close(target) }
        while try SystemCallError.checkSize("copy", path, { sendfile(target, source, nil, 1 << 20) }) > 0 {}
        try SystemCallError.check("cut", path) { ftruncate(source, 0) }
    }

    /// The last lines, oldest first, each cut to 300 characters.
    func tail(_ lines: Int) -> [String] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        let size = lseek(file, 0, SEEK_END)
        let wanted = min(size, 16 << 10)
        lseek(file, size - wanted, SEEK_SET)
        let bytes = [UInt8](unsafeUninitializedCapacity: max(0, wanted)) { buffer, count in
            count = max(0, read(file, buffer.baseAddress, buffer.count))
        }
        return String(decoding: bytes, as: UTF8.self)
            .split(whereSeparator: \.isNewline)
            .suffix(lines)
            .map { String($0.prefix(300)) }
    }
}
