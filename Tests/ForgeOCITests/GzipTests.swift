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
