// SPDX-License-Identifier: Apache-2.0

import ForgeManifest
import Testing

@Suite struct MistakeTests {
    static let all = Mistake.file + Mistake.settings + Mistake.processes + Mistake.containers + Mistake.procfile

    @Test(arguments: all)
    func `every mistake is told, exactly`(mistake: Mistake) {
        let parsed = ManifestParser.parse(yaml: mistake.yaml, procfile: mistake.procfile)
        #expect(parsed.diagnostics.map(\.description).joined(separator: "\n") == mistake.expected)
        #expect((parsed.manifest == nil) == parsed.diagnostics.contains { $0.severity == .error })
    }

    @Test(arguments: all)
    func `strict makes every warning an error`(mistake: Mistake) {
        let parsed = ManifestParser.parse(yaml: mistake.yaml, procfile: mistake.procfile, strict: true)
        #expect(parsed.manifest == nil)
        #expect(parsed.diagnostics.allSatisfy { $0.severity == .error })
    }

    @Test(arguments: all)
    func `a mistake is the same with CRLF`(mistake: Mistake) {
        // Cases that are about line ends themselves change their meaning.
        guard !mistake.yaml.contains("\r"), mistake.procfile?.contains("\r") != true else { return }
        let parsed = ManifestParser.parse(yaml: mistake.yaml.crlf, procfile: mistake.procfile?.crlf)
        #expect(parsed.diagnostics.map(\.description).joined(separator: "\n") == mistake.expected)
    }

    @Test func `a value of a variable is in no message and no excerpt`() {
        let yaml = """
            version: 1
            name: shop
            build: {env: {X.Y: hunter2}}
            env:
              A: [hunter2]
              B: {c: hunter2}
              C:
                - hunter2
              D: "hunter2\\0"
              E-F: hunter2
              PORT: hunter2
              A: hunter2
              G: !t hunter2
            """
        let parsed = ManifestParser.parse(yaml: yaml)
        #expect(parsed.diagnostics.count == 9)
        let text = DiagnosticRenderer(sources: ["forge.yaml": yaml]).text(parsed.diagnostics)
        #expect(!text.contains("hunter2"))
        let broken = "version: 1\nname: shop\nenv:\n  A: b: hunter2\n"
        let rendered = DiagnosticRenderer(sources: ["forge.yaml": broken])
            .text(ManifestParser.parse(yaml: broken).diagnostics)
        #expect(!rendered.contains("hunter2"))
        #expect(rendered.hasPrefix("forge.yaml:4:7: error: "))
        // A line that goes on with a value may look like a key.
        for (value, line) in [("\n    - hunter2: x", 5), (" \"one\n    hunter2: \\q\"", 5)] {
            let yaml = "version: 1\nname: shop\nenv:\n  A:\(value)\n"
            let text = DiagnosticRenderer(sources: ["forge.yaml": yaml])
                .text(ManifestParser.parse(yaml: yaml).diagnostics)
            #expect(text.hasPrefix("forge.yaml:\(line):"))
            #expect(!text.contains("hunter2"))
        }
    }

    @Test func `a flood of mistakes is cut at a hundred`() {
        let keys = (0..<5000).map { "unknown\($0): 1\n" }.joined()
        let lines = (0..<5000).map { _ in "no colon\n" }.joined()
        let parsed = ManifestParser.parse(yaml: "version: 1\nname: shop\n" + keys, procfile: lines)
        #expect(parsed.diagnostics.count == 200)
        let types = (0..<20_000).map { " Type\($0): {}\n" }.joined()
        #expect(ManifestParser.parse(yaml: "version: 1\nname: shop\nprocesses:\n" + types).diagnostics.count == 100)
    }

    @Test(
        arguments: [
            (
                [0x76, 0xFF, 0x0A], nil,
                "forge.yaml:1:2: error: the file is not UTF-8: a byte here is part of no character"
            ),
            ([0xFF, 0xFE, 0x76, 0x00], nil, "forge.yaml:1:1: error: the file is UTF-16; save it as UTF-8"),
            (
                Array("version: 1\nname: shop\n".utf8), Array("web: x\na: ".utf8) + [0xE9],
                "Procfile:2: error: the file is not UTF-8: a byte here is part of no character"
            ),
        ] as [([UInt8], [UInt8]?, String)]
    )
    func `bytes that are no text`(yaml: [UInt8], procfile: [UInt8]?, expected: String) {
        let parsed = ManifestParser.parse(yaml: yaml, procfile: procfile)
        #expect(parsed.diagnostics.map(\.description) == [expected])
        #expect(parsed.manifest == nil)
    }

    @Test func `too many bytes are refused`() {
        let yaml = [UInt8](repeating: UInt8(ascii: "#"), count: (1 << 20) + 1)
        #expect(
            ManifestParser.parse(yaml: yaml).diagnostics.map(\.description) == [
                "forge.yaml:1:1: error: the file has 1048577 bytes; at most 1048576 are read"
            ]
        )
        let procfile = [UInt8](repeating: UInt8(ascii: "#"), count: (256 << 10) + 1)
        let parsed = ManifestParser.parse(yaml: Array("version: 1\nname: shop\n".utf8), procfile: procfile)
        #expect(
            parsed.diagnostics.map(\.description) == [
                "Procfile:1: error: the file has 262145 bytes; at most 262144 are read"
            ]
        )
    }

    @Test func `large things are refused`() {
        func mistakes(_ rest: String, procfile: String? = nil) -> [String] {
            ManifestParser.parse(yaml: "version: 1\nname: shop\n" + rest, procfile: procfile).diagnostics.map(
                \.description
            )
        }
        let long = String(repeating: "x", count: 65_537)
        #expect(
            mistakes("env: {A: \(long)}\n") == [
                "forge.yaml:3:10: error: env.A has 65537 bytes; at most 65536 are allowed"
            ]
        )
        #expect(
            mistakes("release: {command: \(long)}\n") == [
                "forge.yaml:3:20: error: release.command has 65537 bytes; at most 65536 are allowed"
            ]
        )
        #expect(
            mistakes("", procfile: "web: \(long)\n") == [
                "Procfile:1: error: the command of 'web' has more than 65536 bytes"
            ]
        )
        let variables = (0...1000).map { "  A\($0): b\n" }.joined()
        #expect(
            mistakes("env:\n" + variables) == [
                "forge.yaml:4:3: error: env has 1001 variables; at most 1000 are allowed"
            ]
        )
        let texts = (0...8).map { "  A\($0): \(String(repeating: "x", count: 60_000))\n" }.joined()
        #expect(
            mistakes("env:\n" + texts) == ["forge.yaml:4:3: error: env has 540018 bytes; at most 524288 are allowed"]
        )
        let types = (0...50).map { "  p\($0): {}\n" }.joined()
        #expect(
            mistakes("processes:\n" + types) == [
                "forge.yaml:4:3: error: processes has 51 entries; at most 50 are allowed"
            ]
        )
        let entries = (0...50).map { "p\($0): x\n" }.joined()
        #expect(
            mistakes("", procfile: entries) == [
                "Procfile:1: error: the file names 51 processes; at most 50 are allowed"
            ]
        )
        let deep = String(repeating: "[", count: 1000)
        #expect(mistakes("env: \(deep)\n") == ["forge.yaml:3:69: error: nested too deep; at most 64 levels are read"])
    }

    @Test func `a YAML bomb is one error`() {
        var yaml = "version: 1\nname: shop\nx-0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
        for level in 1...9 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            yaml += "x-\(level): &a\(level) [\(aliases)]\n"
        }
        let messages = ManifestParser.parse(yaml: yaml).diagnostics.map(\.message)
        #expect(messages == ["too many values, aliases included; at most 100000 are read"])
    }
}

extension String {
    fileprivate var crlf: String { split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n") }
}
