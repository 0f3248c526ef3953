// SPDX-License-Identifier: Apache-2.0

import CZlib

/// One zlib stream; zlib keeps a pointer to its `z_stream`, so that lives at a fixed address.
final class ZlibStream {
    enum Direction {
        case compress(level: Int32)
        case expand
    }

    private let stream: UnsafeMutablePointer<z_stream>
    private let direction: Direction
    private(set) var isFinished = false

    init(_ direction: Direction) throws {
        self.direction = direction
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15 is the largest window; 16 more select the gzip wrapper (zlib.h, deflateInit2 and inflateInit2). The header
        // that deflate writes has no name and no time, so that equal input gives equal output.
        let version = ZLIB_VERSION
        let size = Int32(MemoryLayout<z_stream>.size)
        let status =
            switch direction {
            case .compress(let level):
                deflateInit2_(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, version, size)
            case .expand: inflateInit2_(stream, 15 + 16, version, size)
            }
        guard status == Z_OK else {
            stream.deallocate()
            throw GzipError.cannotStart(status: status)
        }
    }

    deinit {
        switch direction {
        case .compress: deflateEnd(stream)
        case .expand: inflateEnd(stream)
        }
        stream.deallocate()
    }

    /// Takes in `input` and hands every piece of output to `sink`; `finishing` ends a compression.
    func process(_ input: [UInt8], finishing: Bool = false, sink: ([UInt8]) throws -> Void) throws {
        var input = input
        let length = input.count
        var offset = 0
        repeat {
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
            if !output.isEmpty { try sink(output) }
            if isFinished || (output.isEmpty && consumed == 0) { break }
        } while true
        if isFinished, offset < length { try restart(with: Array(input[offset...]), sink: sink) }
    }

    /// A gzip file may have several members (RFC 1952 §2.2); anything else behind the first one is damage.
    private func restart(with rest: [UInt8], sink: ([UInt8]) throws -> Void) throws {
        guard inflateReset(stream) == Z_OK else { throw GzipError.damaged }
        isFinished = false
        try process(rest, sink: sink)
    }

    private func step(finishing: Bool) throws {
        let status =
            switch direction {
            case .compress: deflate(stream, finishing ? Z_FINISH : Z_NO_FLUSH)
            case .expand: inflate(stream, Z_NO_FLUSH)
            }
        switch status {
        case Z_OK, Z_BUF_ERROR: break
        case Z_STREAM_END: isFinished = true
        default: throw GzipError.damaged
        }
    }
}

/// Why gzip data could not be made or read.
package enum GzipError: Error, Hashable, Sendable, CustomStringConvertible {
    /// zlib refused to start.
    case cannotStart(status: Int32)
    /// The data is no gzip stream or was changed.
    case damaged
    /// The data ends early.
    case truncated

    /// One line for a person.
    package var description: String {
        switch self {
        case .cannotStart(let status): "zlib cannot start (status \(status))"
        case .damaged: "the gzip data is damaged"
        case .truncated: "the gzip data ends early"
        }
    }
}
