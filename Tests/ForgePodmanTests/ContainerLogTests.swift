// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import ForgePodman

@Suite struct ContainerLogTests {
    private static let time = "2026-11-24T06:24:02.030881042+00:00"

    /// Runs a test with the path of a log file.
    private func withLog(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.appendingPathComponent("ctr.log").path)
    }

    private func append(_ text: String, to path: String) throws {
        if !FileManager.default.fileExists(atPath: path) { try Data().write(to: URL(fileURLWithPath: path)) }
        let file = try #require(FileHandle(forWritingAtPath: path))
        try file.seekToEnd()
        try file.write(contentsOf: Data(text.utf8))
        try file.close()
    }

    @Test func joinsPiecesAndKeepsStreamsApart() throws {
        try withLog { path in
            let log = ContainerLog(path: path)
            #expect(log.newLines().isEmpty)
            try append(
                "\(Self.time) stdout P one \n\(Self.time) stderr F  two\n\(Self.time) stdout F three\nhalf",
                to: path
            )
            #expect(log.newLines().map(\.text) == [" two", "one three"])
            #expect(log.newLines().isEmpty)
            try append(" a line\n\(Self.time) stdout F \n", to: path)
            #expect(log.newLines().map(\.text) == [""])
        }
    }

    @Test func cutsLinesThatAreTooLong() throws {
        try withLog { path in
            let piece = String(repeating: "x", count: 8192)
            for _ in 0..<20 { try append("\(Self.time) stdout P \(piece)\n", to: path) }
            try append("\(Self.time) stdout F end\n\(Self.time) stdout F next\n", to: path)
            let log = ContainerLog(path: path)
            // No line ends in the first 64 KiB, and that is not the end.
            #expect(log.nextLines() == [])
            #expect(log.newLines().map(\.text.utf8.count) == [65_536, 4])
            #expect(log.nextLines() == nil)
        }
    }

    @Test func aFileWithoutEndIsReadInParts() throws {
        try withLog { path in
            let line = "\(Self.time) stdout F \(String(repeating: "x", count: 1000))\n"
            let count = (17 << 20) / line.utf8.count
            try append(String(repeating: line, count: count), to: path)
            let log = ContainerLog(path: path)
            let parts = [log.newLines().count, log.newLines().count, log.newLines().count]
            #expect(parts[0] > 0 && parts[1] > 0 && parts[2] == 0)
            #expect(parts[0] + parts[1] == count)
        }
    }

    @Test func followsAFileThatIsReplaced() throws {
        try withLog { path in
            try append("\(Self.time) stdout F one\n", to: path)
            let log = ContainerLog(path: path)
            #expect(log.newLines().map(\.text) == ["one"])
            try append("\(Self.time) stdout F two\n", to: path)
            try FileManager.default.moveItem(atPath: path, toPath: path + ".old")
            try append("\(Self.time) stdout F three\n", to: path)
            #expect(log.newLines().map(\.text) == ["two", "three"])
            #expect(log.newLines().isEmpty)
        }
    }

    @Test(arguments: [0, 1, 49, 50, 51, 5000])
    func givesTheLastFifty(_ count: Int) throws {
        try withLog { path in
            let text = (0..<count).map { "\(Self.time) stdout F line \($0)\n" }.joined()
            try append(text, to: path)
            let wanted = (max(0, count - 50)..<count).map { "line \($0)" }
            #expect(ContainerLog.lastLines(of: path) == wanted)
        }
        #expect(ContainerLog.lastLines(of: "/nowhere").isEmpty)
    }

    @Test(arguments: [
        ("1970-01-01T00:00:01Z", 1_000_000_000), ("2000-03-01T00:00:00.5+01:00", 951_865_200_500_000_000),
        ("2024-02-29T12:00:00.000000001Z", 1_709_208_000_000_000_001), ("0001-01-01T00:00:00Z", -1),
    ])
    func readsMoments(_ text: String, _ nanoseconds: Int64) {
        #expect(Moment(text.utf8)?.nanoseconds == nanoseconds)
    }

    @Test(arguments: [
        "", "2024-13-01T00:00:00Z", "2024-01-01 00:00:00Z", "2024-01-01T00:00:00", "2024-01-01T00:00:00ZZ",
    ])
    func refusesWhatIsNoMoment(_ text: String) { #expect(Moment(text.utf8) == nil) }

    @Test func addressRangesAvoidEachOther() throws {
        let taken = try #require(AddressRange("10.128.0.0/10"))
        let hash: [UInt8] = [0, 0, 0, 0]
        #expect(AddressRange.free(startingAt: hash, taken: [])?.description == "10.128.0.0/24")
        #expect(AddressRange.free(startingAt: hash, taken: [taken])?.description == "10.192.0.0/24")
        let all = try #require(AddressRange("10.0.0.0/8"))
        #expect(AddressRange.free(startingAt: hash, taken: [all]) == nil)
        #expect(AddressRange("fd00::/64") == nil && AddressRange("10.0.0.0/33") == nil)
    }
}
