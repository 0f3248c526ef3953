// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The parts of specs/architecture.md §3 and §6 that the compiler does not check.
@Suite struct ArchitectureTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static let pure = [
        "ForgeAPI", "ForgeBuildpacks", "ForgeJSON", "ForgeLaunch", "ForgeManifest", "ForgeModel", "ForgePlan",
        "ForgePlanner",
        "ForgePlatform",
    ]
    private static let adapters = ["ForgeImages", "ForgePodman", "ForgeRedis", "ForgeRouter"]

    private struct Source {
        let path: String
        let target: String
        let lines: [Substring]

        /// The modules that the file imports.
        var imports: [Substring] {
            lines.compactMap { line in
                let words = line.split(separator: " ")
                guard let index = words.firstIndex(of: "import"), !line.hasPrefix("//"), !line.hasPrefix(" "),
                    index + 1 < words.count
                else {
                    return nil
                }
                return words.last?.split(separator: ".").first
            }
        }
    }

    private static func sources() throws -> [Source] {
        let folder = root.appending(path: "Sources")
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }
        return try paths.sorted().map { path in
            let text = try String(contentsOf: folder.appending(path: path), encoding: .utf8)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            return Source(path: path, target: String(path.prefix { $0 != "/" }), lines: lines)
        }
    }

    @Test func `pure targets import no networking, no Dispatch, no C and no clock of the system`() throws {
        let allowed: Set<Substring> = ["FoundationEssentials", "Crypto"]
        for source in try Self.sources() where Self.pure.contains(source.target) {
            for module in source.imports where !module.hasPrefix("Forge") {
                #expect(allowed.contains(module), "\(source.path) imports \(module)")
            }
            for line in source.lines where !line.contains("//") {
                #expect(!line.contains("Date()") && !line.contains("Clock.now"), "\(source.path) reads a clock")
            }
        }
    }

    @Test func `adapters import no adapter, and the engine imports none`() throws {
        for source in try Self.sources() where Self.adapters.contains(source.target) || source.target == "ForgeEngine" {
            for module in source.imports where Self.adapters.contains(String(module)) {
                Issue.record("\(source.path) imports \(module)")
            }
        }
    }

    @Test func `only the CLI's own targets are in forge`() throws {
        for source in try Self.sources() where ["forge", "ForgeCommands", "ForgeClient"].contains(source.target) {
            for module in source.imports {
                #expect(
                    !["ForgeServer", "ForgeEngine", "Hummingbird"].contains(module),
                    "\(source.path) imports \(module)"
                )
            }
        }
    }

    @Test func `no file is so long that it does two things`() throws {
        for source in try Self.sources() where source.target != "ForgeBuildpacks" {
            #expect(source.lines.count <= 400, "\(source.path) has \(source.lines.count) lines")
        }
    }

    @Test func `every file names its licence first`() throws {
        for source in try Self.sources() {
            let first = source.path.hasSuffix("Package.swift") ? nil : source.lines.first
            #expect(first == "// SPDX-License-Identifier: Apache-2.0", "\(source.path)")
        }
    }

    @Test func `specifications that the code names are there`() throws {
        for source in try Self.sources() {
            for line in source.lines {
                for piece in line.split(separator: "specs/").dropFirst() {
                    let name = piece.prefix { $0.isLetter || $0.isNumber || "-./".contains($0) }
                    guard name.hasSuffix(".md") else { continue }
                    let file = Self.root.appending(path: "specs/\(name)")
                    #expect(FileManager.default.fileExists(atPath: file.path), "\(source.path) names specs/\(name)")
                }
            }
        }
    }
}
