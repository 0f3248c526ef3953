// SPDX-License-Identifier: Apache-2.0

import CZlib

/// Decompresses gzip as it arrives (RFC 1952), also several members one after the other.
///
/// How much may come out is for whoever takes it to limit: pieces are handed on as they are made.
package final class GunzipStream {
    private static let pieceSize = 128 << 10

    private let stream: UnsafeMutablePointer<z_stream>
    /// The last member has ended, and nothing of another one has come.
    private var isWhole = false

    /// Waits for the first bytes. Throws ``GzipError`` when zlib cannot start.
    package init() throws {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15 is the largest window; 16 more expect the gzip wrapper (zlib.h, inflateInit2).
        let status = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else {
            stream.deallocate()
            throw GzipError(status: status)
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Takes the next compressed bytes and hands on what they hold. Throws ``GzipError`` when they are no gzip.
    package func write(_ chunk: [UInt8], to sink: ([UInt8]) throws -> Void) throws {
        var chunk = chunk
        let length = chunk.count
        var offset = 0
        // A full piece may mean that more waits inside zlib, whether or not there is input left.
        var isFull = false
        while offset < length || isFull {
            if isWhole {
                try check(inflateReset(stream))
                isWhole = false
            }
            let piece = try [UInt8](unsafeUninitializedCapacity: Self.pieceSize) { buffer, count in
                try chunk.withUnsafeMutableBufferPointer { bytes in
                    stream.pointee.next_in = bytes.baseAddress.map { $0 + offset }
                    stream.pointee.avail_in = UInt32(length - offset)
                    stream.pointee.next_out = buffer.baseAddress
                    stream.pointee.avail_out = UInt32(buffer.count)
                    try check(inflate(stream, Z_NO_FLUSH))
                    offset = length - Int(stream.pointee.avail_in)
                    count = buffer.count - Int(stream.pointee.avail_out)
                }
            }
            isFull = piece.count == Self.pieceSize && !isWhole
            if !piece.isEmpty { try sink(piece) }
        }
    }

    /// Checks that nothing is missing at the end.
    package func finish() throws {
        guard isWhole else { throw GzipError(status: Z_BUF_ERROR) }
    }

    private func check(_ status: Int32) throws {
        switch status {
        case Z_STREAM_END: isWhole = true
        // No progress was possible without more input.
        case Z_OK, Z_BUF_ERROR: break
        default: throw GzipError(status: status)
        }
    }
}
