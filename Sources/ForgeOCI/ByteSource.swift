// SPDX-License-Identifier: Apache-2.0

package import ForgeModel

/// Bytes that are pulled in chunks, so that whoever takes them sets the pace and memory stays bounded.
package protocol ByteSource {
    /// The next bytes, never empty; `nil` at the end.
    mutating func next() throws -> [UInt8]?
}

extension ByteSource {
    /// Pulls everything and gives its digest and length.
    package consuming func digest() throws -> (digest: Digest, size: Int64) {
        var source = self
        var hash = Sha256()
        var size: Int64 = 0
        while let chunk = try source.next() {
            hash.update(chunk)
            size += Int64(chunk.count)
        }
        return (hash.digest(), size)
    }
}

/// A file's bytes from the current position to its end.
package struct FileSource: ByteSource {
    private let file: FileDescriptorOwner
    private let path: String

    /// Opens a file; a symbolic link is refused.
    package init(path: String) throws {
        self.path = path
        file = try FileDescriptorOwner(opening: path)
    }

    /// The next 256 KiB or what is left.
    package mutating func next() throws -> [UInt8]? {
        let chunk = try file.read(upTo: 256 << 10, path: path)
        return chunk.isEmpty ? nil : chunk
    }
}

/// A source as an asynchronous sequence: blocking reads run on a queue of their own, and the next chunk is read only
/// when it is asked for.
package struct AsyncBytes: AsyncSequence, Sendable {
    package typealias Element = [UInt8]
    private let open: @Sendable () throws -> any ByteSource

    /// Each iteration opens the source anew.
    package init(_ open: @escaping @Sendable () throws -> any ByteSource) { self.open = open }

    /// Starts at the beginning.
    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(pump: Pump(open: open)) }

    /// Reads everything and gives its digest and length.
    package func digest() async throws -> (digest: Digest, size: Int64) {
        var hash = Sha256()
        var size: Int64 = 0
        for try await chunk in self {
            hash.update(chunk)
            size += Int64(chunk.count)
        }
        return (hash.digest(), size)
    }

    /// Pulls one chunk after the other.
    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let pump: Pump

        /// The next bytes; `nil` at the end.
        package func next() async throws -> [UInt8]? {
            try Task.checkCancellation()
            return try await pump.next()
        }
    }

    fileprivate actor Pump {
        private let queue = BlockingQueue(label: "forge.bytes")
        private let open: @Sendable () throws -> any ByteSource
        private var source: (any ByteSource)?

        nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

        init(open: @escaping @Sendable () throws -> any ByteSource) { self.open = open }

        func next() throws -> [UInt8]? {
            var current = try source ?? open()
            let chunk = try current.next()
            source = current
            return chunk
        }
    }
}
