// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ForgeLifecycle

@Suite struct DetectorTests {
    private static func plan(_ text: String) -> String { "cat > $CNB_BUILD_PLAN_PATH <<'EOF'\n\(text)\nEOF" }

    @Test func firstGroupThatPasses() async throws {
        let bench = try Workbench()
        try bench.buildpack("a/no", detect: "exit 100")
        try bench.buildpack(
            "a/yes",
            detect: "[ \"$1\" = \"$CNB_PLATFORM_DIR\" ] && [ -d \"$CNB_BUILDPACK_DIR\" ] && [ -f x ]"
        )
        try bench.buildpack("a/maybe", detect: "exit 100")
        try bench.write("workspace/x", "")
        try bench.order(["a/no", "a/yes"], ["a/maybe?", "a/yes"], ["a/yes"])
        try await bench.detect()
        #expect(try bench.group == ["a/yes"])
        #expect(try bench.read("layers/plan.toml").isEmpty)
    }

    @Test func planEntriesMustMatch() async throws {
        let bench = try Workbench()
        try bench.buildpack("p/node", detect: Self.plan("[[provides]]\nname = \"node\""))
        try bench.buildpack(
            "p/npm",
            detect: Self.plan("[[requires]]\nname = \"node\"\n[requires.metadata]\nversion = \"20\"\nlaunch = true")
        )
        try bench.buildpack("p/idle", detect: Self.plan("[[provides]]\nname = \"idle\""))
        try bench.order(["p/npm", "p/node"], ["p/idle", "p/npm"], ["p/idle?", "p/node", "p/npm"])
        try await bench.detect()
        #expect(try bench.group == ["p/node", "p/npm"])
        #expect(
            try bench.read("layers/plan.toml") == """

                [[entries]]

                [[entries.providers]]
                id = "p/node"
                version = "1"

                [[entries.requires]]
                name = "node"

                [entries.requires.metadata]
                launch = true
                version = "20"

                """
        )
    }

    @Test func failureExplainsItself() async throws {
        let bench = try Workbench()
        try bench.buildpack("a/python", detect: "echo 'looked for requirements.txt'; exit 100")
        try bench.order(["a/python"])
        try bench.write("workspace/main.go", "")
        let error = await #expect(throws: PhaseError.self) { try await bench.detect() }
        #expect(error?.exitCode == 20)
        #expect(bench.output.contains("  a/python@1 does not apply"))
        #expect(bench.output.contains("    looked for requirements.txt"))
        #expect(bench.output.contains("  the app folder has: main.go"))
        try bench.buildpack("a/broken", detect: "echo oops >&2; exit 7")
        try bench.order(["a/python"], ["a/broken"])
        let other = await #expect(throws: PhaseError.self) { try await bench.detect() }
        #expect(other?.exitCode == 21)
        #expect(bench.output.contains("    oops"))
        #expect(bench.output.contains("    bin/detect exited with 7"))
    }

    @Test func targetsAndExecutionEnvironments() async throws {
        let bench = try Workbench()
        try bench.buildpack("t/windows", more: "[[targets]]\nos = \"windows\"")
        try bench.buildpack("t/linux", more: "[[targets]]\nos = \"linux\"\n[[targets.distros]]\nname = \"debian\"")
        try bench.buildpack("t/test", api: "0.12", more: "[[buildpack.exec-env]]\nname = \"test\"")
        try bench.order(["t/windows"], ["t/linux", "t/test"])
        try await bench.detect()
        #expect(try bench.group == ["t/linux"])
        try await bench.detect(environment: ["CNB_EXEC_ENV": "test"])
        #expect(try bench.group == ["t/linux", "t/test"])
    }

    @Test func environmentKeepsSecretsOut() async throws {
        let bench = try Workbench()
        try bench.buildpack("e/env", detect: "env; exit 100")
        try bench.order(["e/env"])
        try bench.write("platform/env/GIVEN", "a\nb")
        try bench.write("platform/env/PATH", "/given")
        await #expect(throws: PhaseError.self) {
            try await bench.detect(environment: [
                "CNB_REGISTRY_AUTH": "secret", "AWS_SECRET": "secret", "HOME": "/h", "PIP_INDEX_URL": "https://i",
            ])
        }
        let output = bench.output.joined(separator: "\n")
        #expect(!output.contains("secret"))
        #expect(output.contains("GIVEN=a\n    b"))
        #expect(output.contains("PATH=/given:"))
        #expect(output.contains("HOME=/h"))
        #expect(output.contains("PIP_INDEX_URL=https://i"))
        #expect(output.contains("CNB_TARGET_OS=linux"))
    }

    @Test func compositesUnfold() throws {
        func entry(_ id: String, optional: Bool? = nil) -> OrderGroup.Entry {
            .init(id: id, version: "1", optional: optional)
        }
        var composites: [String: [OrderGroup]] = [
            "meta": [OrderGroup(group: [entry("a"), entry("b")]), OrderGroup(group: [entry("c")])]
        ]
        func groups(_ order: [OrderGroup]) throws -> [[String]] {
            try OrderExpansion.groups(of: order) { wanted in
                BuildpackDescriptor(
                    api: "0.10",
                    buildpack: .init(id: wanted.id, version: wanted.version),
                    order: composites[wanted.id]
                )
            }.map { $0.map(\.id) }
        }
        #expect(
            try groups([OrderGroup(group: [entry("x"), entry("meta"), entry("b")])]) == [
                ["x", "a", "b"], ["x", "c", "b"],
            ]
        )
        #expect(
            try groups([OrderGroup(group: [entry("meta", optional: true), entry("z")])])
                == [["a", "b", "z"], ["c", "z"], ["z"]]
        )
        composites["loop"] = [OrderGroup(group: [entry("loop")])]
        #expect(throws: PhaseError.self) { try groups([OrderGroup(group: [entry("loop")])]) }
    }

    @Test func unsupportedBuildpackInterface() async throws {
        let bench = try Workbench()
        try bench.buildpack("a/new", api: "0.99")
        try bench.order(["a/new"])
        let error = await #expect(throws: PhaseError.self) { try await bench.detect() }
        #expect(error?.exitCode == 12)
    }
}
