// SPDX-License-Identifier: Apache-2.0

import ForgeOCI
import FoundationEssentials
import Glibc

/// Small files of the state folder: replaced as a whole, readable by their owner only.
package enum StateFile {
    /// No file that is read here is larger than this many bytes.
    static let limit = 1 << 20

    /// Replaces a file: readers see the old content or the new, also after a crash.
    package static func replace(_ path: String, with bytes: [UInt8]) throws {
        let draft = path + ".new"
        let file = try SystemCallError.check("create", draft) {
            open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
        }
        do {
            defer { close(file) }
            var offset = 0
            while offset < bytes.count {
                offset += try bytes[offset...].withUnsafeBytes { rest in
                    try SystemCallError.checkSize("write", draft) { write(file, rest.baseAddress, rest.count) }
                }
            }
            try SystemCallError.check("write", draft) { fsync(file) }
        }
        try SystemCallError.check("replace", path) { rename(draft, path) }
    }

    /// The content; nil when there is no such file.
    package static func read(_ path: String) throws -> [UInt8]? {
        let file: Int32
        do {
            file = try SystemCallError.check("open", path) { open(path, O_RDONLY | O_CLOEXEC) }
        } catch let error as SystemCallError where error.code == ENOENT {
            return nil
        }
        defer { close(file) }
        var bytes: [UInt8] = []
        while bytes.count <= limit {
            let part = try [UInt8](unsafeUninitializedCapacity: 16 << 10) { buffer, count in
                count = try SystemCallError.checkSize("read", path) {
                    Glibc.read(file, buffer.baseAddress, buffer.count)
                }
            }
            if part.isEmpty { return bytes }
            bytes += part
        }
        throw SupervisorError(.invalid, "'\(path)' has more than \(limit) bytes")
    }

    /// Writes a value as JSON that people can read.
    static func save(_ value: some Encodable, to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try replace(path, with: [UInt8](try encoder.encode(value)) + [UInt8(ascii: "\n")])
    }

    /// Reads a value from JSON; nil when there is no such file.
    static func load<Value: Decodable>(_ type: Value.Type, from path: String) throws -> Value? {
        guard let bytes = try read(path) else { return nil }
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw SupervisorError(.invalid, "'\(path)' cannot be read: repair it, or remove it to start with defaults")
        }
    }
}
