// SPDX-License-Identifier: Apache-2.0

import ForgeManifest
import Foundation
import Testing

@Suite struct DiagnosticTests {
    private func render(_ yaml: String, procfile: String? = nil) -> String {
        let parsed = ManifestParser.parse(yaml: yaml, procfile: procfile)
        var sources = ["forge.yaml": yaml]
        sources["Procfile"] = procfile
        return DiagnosticRenderer(sources: sources).text(parsed.diagnostics)
    }

    @Test func `forge.yaml and Procfile, with the lines and a caret`() {
        let yaml = "version: 1\nname: shop\nprocesses:\n  web:\n    instance: 3\n"
        let text = render(yaml, procfile: "web: x\nweb worker: y\n")
        let expected = """
            forge.yaml:5:5: error: unknown key 'instance' in processes.web; did you mean 'instances'?
                5 |     instance: 3
                  |     ^
            Procfile:2: error: 'web worker' is not a process type; \
            use at most 30 lower-case letters, digits and '-', with a letter or digit at both ends
                2 | web worker: y

            """
        #expect(text == expected)
    }

    @Test func `a caret stands under its character, after tabs and other scripts`() {
        let text = render("version: 1\nname: shop\nrelease: {\tcommand: ü,\tfoo: 1}\n")
        #expect(text.hasSuffix("\n    3 | release: {\tcommand: ü,\tfoo: 1}\n      |           \t           \t^\n"))
    }

    @Test func `a long line is shown around the mistake`() {
        let yaml = "{version: 1, name: shop, release: {command: \(String(repeating: "x", count: 5000)), foo: 1}}"
        let lines = render(yaml).split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[1].count <= 108)
        #expect(lines[1].contains("foo: 1}}"))
        #expect(lines[2].count == 58)
    }

    @Test func `a source line cannot steer a terminal`() {
        let text = render("version: 1\nname: shop\nfoo: \u{1B}[2J\u{202E}\n")
        #expect(text.contains("    3 | foo: ?[2J?\n"))
        #expect(!text.unicodeScalars.contains("\u{1B}"))
    }

    @Test func `a file without a known text has messages only`() {
        let diagnostic = Diagnostic(
            .warning,
            file: "Procfile",
            line: 3,
            message: "spaces before 'web'",
            hint: "remove them"
        )
        let text = DiagnosticRenderer(sources: [:]).text([diagnostic])
        #expect(text == "Procfile:3: warning: spaces before 'web'; remove them\n")
        let beyond = DiagnosticRenderer(sources: ["Procfile": "web: x\n"]).text([diagnostic])
        #expect(beyond == text)
    }

    @Test func `a count of what was found`() {
        let error = Diagnostic(.error, file: "a", line: 1, message: "b")
        let warning = Diagnostic(.warning, file: "a", line: 1, message: "b")
        #expect(DiagnosticRenderer.summary([]) == "")
        #expect(DiagnosticRenderer.summary([error]) == "1 error")
        #expect(DiagnosticRenderer.summary([error, warning, error, warning]) == "2 errors, 2 warnings")
    }

    @Test func `the order is file, line, column`() {
        let places: [(String, Int, Int?)] = [
            ("forge.yaml", 2, 1), ("forge.yaml", 2, 9), ("forge.yaml", 10, 1), ("Procfile", 1, nil),
            ("Procfile", 2, nil),
        ]
        let diagnostics = places.map { Diagnostic(.error, file: $0.0, line: $0.1, column: $0.2, message: "x") }
        #expect(diagnostics.reversed().sorted() == diagnostics)
    }

    @Test func `JSON has the same, and leaves out what is not known`() throws {
        let parsed = ManifestParser.parse(yaml: "version: 1\nname: shop\nevn: {}\n", procfile: "web\n")
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let json = String(decoding: try encoder.encode(parsed.diagnostics), as: UTF8.self)
        let expected =
            #"[{"column":1,"file":"forge.yaml","hint":"did you mean 'env'?","line":3,"message":"unknown key 'evn'","#
            + #""path":"evn","severity":"error"},{"file":"Procfile","hint":"write '<type>: <command>'","line":1,"#
            + #""message":"'web' has no ':'","severity":"error"}]"#
        #expect(json == expected)
        #expect(try JSONDecoder().decode([Diagnostic].self, from: Data(json.utf8)) == parsed.diagnostics)
    }
}
