// SPDX-License-Identifier: Apache-2.0

import CZlib

/// One compressing zlib stream; zlib keeps a pointer to its `z_stream`, so that lives at a fixed address.
final class ZlibStream {
    private let stream: UnsafeMutablePointer<z_stream>
    private(set) var isFinished = false

    init(level: Int32) throws {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15 is the largest window; 16 more select the gzip wrapper (zlib.h, deflateInit2). The header that deflate
        // writes has no name and no time, so that equal input gives equal output.
        let size = Int32(MemoryLayout<z_stream>.size)
        let status = deflateInit2_(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
        guard status == Z_OK else {
            stream.deallocate()
            throw GzipError(status: status)
        }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// Takes in `input` and gives the output in pieces; `finishing` ends the stream.
    func compress(_ input: [UInt8], finishing: Bool) throws -> [[UInt8]] {
        var input = input
        let length = input.count
        var offset = 0
        var pieces: [[UInt8]] = []
        while !isFinished {
            var consumed = 0
            let output = try [UInt8](unsafeUninitializedCapacity: 128 << 10) { buffer, count in
                try input.withUnsafeMutableBufferPointer { bytes in
                    stream.pointee.next_in = bytes.baseAddress.map { $0 + offset }
                    stream.pointee.avail_in = UInt32(length - offset)
                    stream.pointee.next_out = buffer.baseAddress
                    stream.pointee.avail_out = UInt32(buffer.count)
                    try step(finishing: finishing)
                    consumed = length - offset - Int(stream.pointee.avail_in)
                    count = buffer.count - Int(stream.pointee.avail_out)
                }
            }
            offset += consumed
            if !output.isEmpty { pieces.append(output) }
            if output.isEmpty && consumed == 0 { break }
        }
        return pieces
    }

    private func step(finishing: Bool) throws {
        let status = deflate(stream, finishing ? Z_FINISH : Z_NO_FLUSH)
        switch status {
        case Z_OK, Z_BUF_ERROR: break
        case Z_STREAM_END: isFinished = true
        default: throw GzipError(status: status)
        }
    }
}

/// zlib cannot compress, or what it is given is not compressed in its way.
package struct GzipError: Error, Hashable, Sendable, CustomStringConvertible {
    /// zlib's status (zlib.h).
    let status: Int32

    /// One line for a person.
    package var description: String {
        switch status {
        case Z_BUF_ERROR: "the compressed data ends early"
        case Z_DATA_ERROR, Z_NEED_DICT: "the data is damaged, or is not compressed by gzip"
        default: "zlib has failed (status \(status))"
        }
    }
}
