// SPDX-License-Identifier: Apache-2.0

import Foundation
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

    @Test func systemGzipReadsIt() throws {
        var state: UInt32 = 1
        let noise = (0..<700_000).map { _ -> UInt8 in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(truncatingIfNeeded: state >> 24)
        }
        let text = noise + [UInt8](repeating: 65, count: 500_000)
        let compressed = try compress([text])
        #expect(compressed.prefix(8) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0])
        #expect(try compress([text]) == compressed)
        let pieces = stride(from: 0, to: text.count, by: 997).map { Array(text[$0..<min($0 + 997, text.count)]) }
        #expect(try expand(compressed) == text)
        #expect(try expand(try compress(pieces)) == text)
        #expect(try expand(try compress([])).isEmpty)
    }

    @Test func `what was compressed comes back, however it is cut`() throws {
        let text =
            (0..<400_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) } + [UInt8](repeating: 0, count: 300_000)
        let compressed = try compress([text])
        for size in [1, 7, 4096, compressed.count] { #expect(try gunzip(compressed, by: size) == text) }
        #expect(try gunzip(try compress([]), by: 3).isEmpty)
        // Members one after the other are one content (RFC 1952 §2.2).
        #expect(try gunzip(compressed + compressed, by: 1000) == text + text)
    }

    @Test func `damage is told, never taken for the end`() throws {
        let compressed = try compress([[UInt8](repeating: 7, count: 100_000)])
        for bytes in [Array(compressed.dropLast()), [], Array("no gzip at all".utf8), compressed + [1, 2, 3]] {
            #expect(throws: GzipError.self) { try gunzip(bytes, by: 100) }
        }
        var changed = compressed
        changed[compressed.count - 6] ^= 1
        #expect(throws: GzipError.self) { try gunzip(changed, by: 100) }
    }

    private func gunzip(_ bytes: [UInt8], by size: Int) throws -> [UInt8] {
        let stream = try GunzipStream()
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            try stream.write(Array(bytes[start..<min(start + size, bytes.count)])) { text += $0 }
        }
        try stream.finish()
        return text
    }

    private func expand(_ bytes: [UInt8]) throws -> [UInt8] {
        try TemporaryTree.with { tree in
            let text = try tree.run(
                "/bin/sh",
                ["-c", "set -e; gzip -dc > \(tree.path)/out; base64 -w0 \(tree.path)/out"],
                input: bytes
            )
            return [UInt8](try #require(Data(base64Encoded: text)))
        }
    }
}
