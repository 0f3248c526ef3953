// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import Testing

@testable import ForgeKubernetes

/// Reading a log again from where it was, without losing or repeating a line.
@Suite struct StampedLineTests {
    private func lines(_ stamps: String...) throws -> [StampedLine] {
        try stamps.enumerated().map { try #require(StampedLine("2026-11-24T10:00:0\($1)Z line \($0)")) }
    }

    @Test func `a line is its time and its text`() throws {
        let line = try #require(StampedLine("2026-11-24T10:14:03.123456789Z  two  spaces "))
        #expect(line.at.nanoseconds == 123_456_789 && line.text == " two  spaces ")
        #expect(line.second == "2026-11-24T10:14:03Z")
        #expect(StampedLine("2026-11-24T10:14:03.5+02:00 x")?.second == "2026-11-24T10:14:03+02:00")
        #expect(StampedLine("unable to retrieve container logs") == nil)
        #expect(StampedLine("") == nil)
    }

    @Test func `text that is too long is cut`() throws {
        let line = try #require(StampedLine("2026-11-24T10:14:03Z " + String(repeating: "ä", count: 40_000)))
        #expect(line.text.utf8.count <= 64 << 10 + 2)
    }

    @Test func `of lines that come twice only the new ones are given`() throws {
        let log = try lines("1.1", "1.5", "1.5", "1.5", "2")
        var position = LogPosition()
        for line in log[..<3] { position.pass(line) }
        #expect(position.second == "2026-11-24T10:00:01Z")
        var filter = position.resume()
        #expect(log.filter { filter.isNew($0) } == Array(log[3...]))
    }

    @Test func `a log that was not read yet is new from its first line`() throws {
        var filter = LogPosition().resume()
        #expect(try lines("1", "2").allSatisfy { filter.isNew($0) })
    }
}
