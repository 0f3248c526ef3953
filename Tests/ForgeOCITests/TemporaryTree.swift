// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

@testable import ForgeOCI

/// A folder that exists for one test.
struct TemporaryTree: Sendable {
    let path: String

    static func with<Result>(_ body: (TemporaryTree) throws -> Result) throws -> Result {
        let tree = try TemporaryTree()
        defer { tree.remove() }
        return try body(tree)
    }

    static func with<Result>(_ body: (TemporaryTree) async throws -> Result) async throws -> Result {
        let tree = try TemporaryTree()
        defer { tree.remove() }
        return try await body(tree)
    }

    private init() throws {
        var template = Array("/tmp/forge-tree-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw SystemCallError(call: "create", path: "/tmp", code: errno) }
        path = String(cString: made)
    }

    private func remove() { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String, mode: UInt32 = 0o644) throws {
        let file = path + "/" + name
        try makeParent(of: file)
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        try SystemCallError.check("chmod", file) { chmod(file, mode) }
    }

    func link(_ name: String, to target: String) throws {
        let file = path + "/" + name
        try makeParent(of: file)
        try SystemCallError.check("symlink", file) { symlink(target, file) }
    }

    func read(_ name: String) throws -> String { try String(contentsOfFile: path + "/" + name, encoding: .utf8) }

    func packed(ignoring: [String] = []) throws -> [String] {
        var listing = SourceListing(root: path, limits: SourcePacker.Limits())
        try listing.read(IgnoreRules(overriding: ignoring))
        return listing.entries.map(\.name)
    }

    /// Runs a program to its end and gives what it printed.
    func run(_ program: String, _ arguments: [String], input: [UInt8]) throws -> String {
        let stdin = path + ".input"
        defer { try? FileManager.default.removeItem(atPath: stdin) }
        try Data(input).write(to: URL(fileURLWithPath: stdin))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ["LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"]
        process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: stdin))
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self)
    }

    private func makeParent(of file: String) throws {
        try FileManager.default.createDirectory(
            atPath: String(file[..<(file.lastIndex(of: "/") ?? file.startIndex)]),
            withIntermediateDirectories: true
        )
    }
}
