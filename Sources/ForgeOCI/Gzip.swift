// SPDX-License-Identifier: Apache-2.0

/// Compresses a source as it is pulled (RFC 1952); equal input gives equal bytes.
package struct GzipSource<Base: ByteSource>: ByteSource {
    private var base: Base
    private let stream: ZlibStream
    private var pending: [[UInt8]] = []

    /// Compresses `base`; level 1 is the fastest, 9 the smallest.
    package init(_ base: Base, level: Int32 = 1) throws {
        self.base = base
        stream = try ZlibStream(level: level)
    }

    /// The next compressed bytes.
    package mutating func next() throws -> [UInt8]? {
        while pending.isEmpty, !stream.isFinished {
            let chunk = try base.next()
            pending = try stream.compress(chunk ?? [], finishing: chunk == nil)
        }
        return pending.isEmpty ? nil : pending.removeFirst()
    }
}
