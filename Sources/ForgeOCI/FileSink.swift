// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A new file that is written in chunks.
package struct FileSink {
    private let file: FileDescriptorOwner
    private let path: String

    /// Creates the file; one that is there, or a link, is refused.
    package init(path: String, mode: UInt32 = 0o644) throws {
        self.path = path
        let number = try SystemCallError.check("create", path) {
            open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode_t(mode))
        }
        file = FileDescriptorOwner(adopting: number)
    }

    /// Appends bytes.
    package func write(_ chunk: [UInt8]) throws { try chunk.withUnsafeBytes { try file.write($0, path: path) } }
}
