// SPDX-License-Identifier: Apache-2.0

import Glibc

/// An open file that is closed with its last owner.
///
/// Safe to pass between threads: the number never changes and the kernel serialises the calls on it.
final class FileDescriptorOwner: Sendable {
    let number: Int32

    init(adopting number: Int32) { self.number = number }

    /// Opens for reading; a symbolic link is refused.
    convenience init(opening path: String, flags: Int32 = 0) throws {
        self.init(
            adopting: try SystemCallError.check("open", path) { open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | flags) }
        )
    }

    deinit { close(number) }

    /// Up to `limit` bytes; fewer only at the end.
    func read(upTo limit: Int, path: String) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            while count < limit {
                let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
                let received = try SystemCallError.checkSize("read", path) {
                    Glibc.read(number, rest.baseAddress, rest.count)
                }
                if received == 0 { break }
                count += received
            }
        }
    }

    /// Writes everything.
    func write(_ bytes: UnsafeRawBufferPointer, path: String) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: rest)
            let sent = try SystemCallError.checkSize("write", path) {
                Glibc.write(number, part.baseAddress, part.count)
            }
            rest = rest.dropFirst(sent)
        }
    }
}

/// A system call that failed, on what, and why.
package struct SystemCallError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The call, such as `open`.
    package let call: String
    /// The path it was about.
    package let path: String
    /// The `errno` value.
    package let code: Int32

    /// One line for a person.
    package var description: String { "cannot \(call) '\(path)': \(String(cString: strerror(code)))" }

    /// Whether the reason is that nothing has that name.
    package var isMissing: Bool { code == ENOENT || code == ENOTDIR }

    /// Runs a call that answers -1 on failure; an interrupted one is repeated.
    @discardableResult
    package static func check(_ call: String, _ path: String, _ body: () -> Int32) throws -> Int32 {
        Int32(try checkSize(call, path) { Int(body()) })
    }

    /// Runs a call that answers a length or -1; an interrupted one is repeated.
    package static func checkSize(_ call: String, _ path: String, _ body: () -> Int) throws -> Int {
        while true {
            let result = body()
            if result >= 0 { return result }
            if errno != EINTR { throw SystemCallError(call: call, path: path, code: errno) }
        }
    }
}
