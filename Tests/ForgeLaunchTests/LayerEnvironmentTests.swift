// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ForgeLaunch

@Suite struct LayerEnvironmentTests {
    private func file(_ name: String, _ text: String) -> LayerEnvironment.File {
        LayerEnvironment.File(name: name, content: Array(text.utf8))
    }

    private func text(_ environment: LayerEnvironment, _ name: String) -> String? {
        environment[name].map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(
        arguments: [
            // What there is, the files, what comes of it.
            (nil, ["A": "x"], "x"),
            ("o", ["A": "x"], "x"),
            ("o", ["A.override": "x\n"], "x\n"),
            ("o", ["A.default": "x"], "o"),
            (nil, ["A.default": "x"], "x"),
            ("", ["A.default": "x"], "x"),
            ("o", ["A.prepend": "x"], "xo"),
            ("o", ["A.prepend": "x", "A.delim": ":"], "x:o"),
            (nil, ["A.prepend": "x", "A.delim": ":"], "x"),
            ("o", ["A.append": "x", "A.delim": ", "], "o, x"),
            ("o", ["A.append": "x"], "ox"),
            ("o", ["A.unknown": "x", "A.delim": ":"], "o"),
            ("o", ["A.append": "1", "A.prepend": "2", "A.override": "3"], "23"),
            ("o", ["A.append": "1", "A.prepend": "2"], "2o1"),
        ] as [(String?, [String: String], String)]
    )
    func suffixes(old: String?, files: [String: String], result: String) {
        var environment = LayerEnvironment(old.map { ["A": Array($0.utf8)] } ?? [:])
        environment.apply(files.map { file($0.key, $0.value) })
        #expect(text(environment, "A") == result)
    }

    @Test func plainFilesOfTheBuilderOnlyFillIn() {
        var environment = LayerEnvironment(["A": [65]])
        environment.apply([file("A", "x"), file("B", "y")], plain: .default)
        #expect(text(environment, "A") == "A")
        #expect(text(environment, "B") == "y")
    }

    @Test func bytesStayAsTheyAre() {
        var environment = LayerEnvironment([:])
        environment.apply([LayerEnvironment.File(name: "A", content: [0xFF, 10, 32])])
        #expect(environment.entries == [[65, 61, 0xFF, 10, 32]])
    }

    @Test func launcherVariablesGo() {
        var environment = LayerEnvironment([
            "CNB_APP_DIR": [1], "CNB_PLATFORM_API": [1], "CNB_EXEC_ENV": [1],
            "PATH": Array("/cnb/process:/cnb/lifecycle:/usr/bin::/bin".utf8),
        ])
        environment.removeLauncherVariables()
        #expect(environment.variables.keys.sorted() == ["CNB_EXEC_ENV", "PATH"])
        #expect(text(environment, "PATH") == "/usr/bin::/bin")
    }
}
