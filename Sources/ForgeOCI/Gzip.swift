// SPDX-License-Identifier: Apache-2.0

/// Compresses a source as it is pulled (RFC 1952); equal input gives equal bytes.
package struct GzipSource<Base: ByteSource>: ByteSource {
    private var base: Base
    private let stream: ZlibStream
    private var pending: [[UInt8]] = []

    /// Compresses `base`; level 1 is the fastest, 9 the smallest.
    package init(_ base: Base, level: Int32 = 1) throws {
        self.base = base
        stream = try ZlibStream(.compress(level: level))
    }

    /// The next compressed bytes.
    package mutating func next() throws -> [UInt8]? {
        while pending.isEmpty, !stream.isFinished {
            var produced: [[UInt8]] = []
            if let chunk = try base.next() {
                try stream.process(chunk) { produced.append($0) }
            } else {
                try stream.process([], finishing: true) { produced.append($0) }
            }
            pending = produced
        }
        return pending.isEmpty ? nil : pending.removeFirst()
    }
}

/// Expands gzip data that arrives in chunks.
package struct GzipReader {
    private let stream: ZlibStream

    /// Starts before the first byte.
    package init() throws { stream = try ZlibStream(.expand) }

    /// Expands `chunk` and hands on every piece of output before the next is made. Throws ``GzipError``.
    package mutating func write(_ chunk: [UInt8], to sink: ([UInt8]) throws -> Void) throws {
        try stream.process(chunk, sink: sink)
    }

    /// Checks that the data was whole.
    package func finish() throws {
        if !stream.isFinished { throw GzipError.truncated }
    }
}
