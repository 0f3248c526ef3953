// SPDX-License-Identifier: Apache-2.0

import ForgeLaunch
import ForgeOCI
import Testing

@testable import ForgeLifecycle

@Suite struct BuilderTests {
    @Test func layersReachLaterBuildpacks() async throws {
        let bench = try Workbench()
        try bench.buildpack(
            "b/tool",
            build: """
                mkdir -p $CNB_LAYERS_DIR/tool/{bin,lib,include,env,env.build}
                printf 'tool' > $CNB_LAYERS_DIR/tool/env/TOOL
                printf '%s' '-O2' > $CNB_LAYERS_DIR/tool/env.build/CFLAGS.append
                printf '[types]\\nbuild = true\\n' > $CNB_LAYERS_DIR/tool.toml
                mkdir $CNB_LAYERS_DIR/gone
                printf '[metadata]\\nx = 1\\n' > $CNB_LAYERS_DIR/gone.toml
                printf '[[processes]]\\ntype = "web"\\ncommand = ["one"]\\ndefault = true\\n' > $CNB_LAYERS_DIR/launch.toml
                """
        )
        try bench.buildpack(
            "b/app",
            build: """
                env > seen
                [ "$1" = "$CNB_LAYERS_DIR" ] && [ "$2" = "$CNB_PLATFORM_DIR" ] && [ "$3" = "$CNB_BP_PLAN_PATH" ]
                cat > $CNB_LAYERS_DIR/launch.toml <<'EOF'
                [[labels]]
                key = "k"
                value = "v"
                [[processes]]
                type = "worker"
                command = ["run", "it \\"now\\""]
                args = ["a"]
                working-dir = "/srv"
                [[processes]]
                type = "web"
                command = ["two"]
                [[slices]]
                paths = ["static/*"]
                EOF
                """
        )
        try bench.order(["b/tool", "b/app"])
        try await bench.detect()
        try await bench.build()
        let tool = bench.root + "/layers/b_tool/tool"
        let seen = try bench.read("workspace/seen").split(separator: "\n").map(String.init)
        #expect(seen.contains { $0.hasPrefix("PATH=\(tool)/bin:") })
        #expect(seen.contains("LIBRARY_PATH=\(tool)/lib"))
        #expect(seen.contains("CPATH=\(tool)/include"))
        #expect(seen.contains("TOOL=tool"))
        #expect(seen.contains("CFLAGS=-O2"))
        #expect(try TextFile.isDirectory(bench.root + "/layers/b_tool/gone.ignore"))
        let metadata = try BuildMetadataFile.read(in: bench.root + "/layers")
        #expect(metadata.processes.map(\.type) == ["web", "worker"])
        #expect(metadata.processes[0].command == ["two"])
        #expect(metadata.processes[1].command == ["run", "it \"now\""])
        #expect(metadata.processes[1].workingDirectory == "/srv")
        // Redefining the default process without saying so again leaves the image without a default.
        #expect(metadata.defaultType == nil)
        #expect(bench.output.contains { $0.contains("b/app@1 redefines 'web'") })
        #expect(metadata.labels.map(\.key) == ["k"])
        #expect(metadata.slices.map(\.paths) == [["static/*"]])
    }

    @Test func planIsFilteredAndMet() async throws {
        let bench = try Workbench()
        let provide = "printf '[[provides]]\\nname = \"x\"\\n' > $CNB_BUILD_PLAN_PATH"
        let keep = "cp $CNB_BP_PLAN_PATH $CNB_LAYERS_DIR/plan"
        try bench.buildpack(
            "b/one",
            detect: provide,
            build: "\(keep); printf '[[unmet]]\\nname = \"x\"\\n' > $1/build.toml"
        )
        try bench.buildpack("b/two", detect: provide, build: keep)
        try bench.buildpack("b/three", detect: provide, build: keep)
        try bench.buildpack(
            "b/need",
            detect: "printf '[[requires]]\\nname = \"x\"\\n' > $CNB_BUILD_PLAN_PATH",
            build: keep
        )
        try bench.order(["b/one", "b/two", "b/three", "b/need"])
        try await bench.detect()
        try await bench.build()
        #expect(try bench.read("layers/b_one/plan") == "\n[[entries]]\nname = \"x\"\n")
        #expect(try bench.read("layers/b_two/plan") == "\n[[entries]]\nname = \"x\"\n")
        #expect(try bench.read("layers/b_three/plan").isEmpty)
        #expect(try bench.read("layers/b_need/plan").isEmpty)
    }

    @Test(arguments: [
        ("exit 9", Int32(51), "b/bad@1 failed: bin/build exited with 9"),
        ("kill -9 $$", 51, "exited with 137"),
        ("printf '[[unmet]]\\nname = \"y\"\\n' > $1/build.toml", 52, "unmet 'y' is not in its plan"),
        (
            "printf '[[processes]]\\ntype = \"web\"\\ncommand = \"x\"\\n' > $1/launch.toml", 52,
            "not an array of strings"
        ),
        ("printf '[[processes]]\\ntype = \"a/b\"\\ncommand = [\"x\"]\\n' > $1/launch.toml", 52, "process type 'a/b'"),
        ("printf 'nonsense' > $1/launch.toml", 1, "launch.toml' line 1"),
    ])
    func failures(script: String, code: Int32, text: String) async throws {
        let bench = try Workbench()
        try bench.buildpack("b/bad", build: script)
        try bench.order(["b/bad"])
        try await bench.detect()
        let error = await #expect(throws: PhaseError.self) { try await bench.build() }
        #expect(error?.exitCode == code)
        #expect(error?.description.contains(text) == true)
    }

    @Test func slicesDivideTheApp() throws {
        let bench = try Workbench()
        for name in ["a.txt", "static/css/x.css", "static/img/y.png", "static/top", "lib/z.so", "lib/deep/q"] {
            try bench.write("workspace/\(name)", "")
        }
        let root = bench.root + "/workspace"
        let slices = try AppSlices(root: root, uid: 1, gid: 1)
        func names(_ patterns: [[String]]) throws -> [[String]] {
            try slices.archives(patterns.map(LaunchFile.Slice.init(paths:))).map { archive in
                archive.entries.filter { $0.name.hasPrefix(root + "/") && $0.kind != .directory }.map {
                    String($0.name.dropFirst(root.utf8.count + 1))
                }
            }
        }
        #expect(
            try names([["static/*/*.css", root + "/lib/z.*"], ["static"], ["none"]]) == [
                ["lib/z.so", "static/css/x.css"], ["static/img/y.png", "static/top"], [], ["a.txt", "lib/deep/q"],
            ]
        )
        #expect(try slices.archives([.init(paths: ["none"])])[0].entries.isEmpty)
        let first = try slices.archives([.init(paths: ["static/css"])])[0].entries.map(\.name)
        #expect(first.suffix(4) == [root, root + "/static", root + "/static/css", root + "/static/css/x.css"])
        #expect(throws: PhaseError.self) { try names([["/etc/*"]]) }
        #expect(throws: PhaseError.self) { try names([["../x"]]) }
        #expect(throws: PhaseError.self) { try names([["[a"]]) }
    }
}
