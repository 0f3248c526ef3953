// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import Testing

@testable import ForgeOCI

@Suite struct GzipTests {
    private struct Pieces: ByteSource {
        var rest: [[UInt8]]
        mutating func next() -> [UInt8]? { rest.isEmpty ? nil : rest.removeFirst() }
    }

    private func compress(_ pieces: [[UInt8]]) throws -> [UInt8] {
        var source = try GzipSource(Pieces(rest: pieces))
        var bytes: [UInt8] = []
        while let chunk = try source.next() { bytes += chunk }
        return bytes
    }

    private func expand(_ bytes: [UInt8], pieces: Int) throws -> [UInt8] {
        var reader = try GzipReader()
        var output: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            try reader.write(Array(bytes[start..<min(start + pieces, bytes.count)])) { output += $0 }
        }
        try reader.finish()
        return output
    }

    @Test func roundTripInAnyPieces() throws {
        var state: UInt32 = 1
        let noise = (0..<700_000).map { _ -> UInt8 in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(truncatingIfNeeded: state >> 24)
        }
        let text = noise + [UInt8](repeating: 65, count: 500_000)
        let compressed = try compress([text])
        #expect(compressed.prefix(8) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0])
        #expect(try compress([text]) == compressed)
        #expect(try expand(compressed, pieces: 1 << 20) == text)
        #expect(try expand(compressed, pieces: 997) == text)
        #expect(try expand(try compress([]), pieces: 10).isEmpty)
        #expect(try expand(try compress([[1]]) + compress([[2]]), pieces: 3) == [1, 2])
    }

    @Test func refusesDamage() throws {
        let good = try compress([Array("hello".utf8)])
        #expect(throws: GzipError.truncated) { try expand(Array(good.dropLast()), pieces: 4) }
        #expect(throws: GzipError.damaged) { try expand(Array("no gzip".utf8), pieces: 4) }
        var changed = good
        changed[good.count - 5] ^= 1
        #expect(throws: GzipError.damaged) { try expand(changed, pieces: 4) }
    }
}
