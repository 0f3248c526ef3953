// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ForgeLaunch

@Suite struct LaunchPlanTests {
    private let metadata = LaunchMetadata(
        buildpacks: [.init(id: "forge/python", api: "0.12"), .init(id: "old/one", api: "0.8")],
        processes: [
            LaunchProcess(type: "web", command: ["gunicorn", "app:app"], args: ["-w", "2"], workingDirectory: "/srv"),
            LaunchProcess(type: "shell", command: ["echo $HOME"], direct: false),
            LaunchProcess(type: "old", command: ["serve"], args: ["-p", "1"], direct: false, buildpackID: "old/one"),
            LaunchProcess(type: "debug", command: ["dbg"], execEnvironments: ["test"]),
        ]
    )

    private func plan(_ name: String, _ arguments: String..., environment: String = "production") throws -> LaunchPlan {
        try LaunchPlan(name: name, arguments: arguments, metadata: metadata, execEnvironment: environment)
    }

    @Test func processTypes() throws {
        let web = try plan("web")
        #expect(web.command == ["gunicorn", "app:app", "-w", "2"])
        #expect(web.form == .direct)
        #expect(web.workingDirectory == "/srv")
        #expect(web.processType == "web")
        #expect(try plan("web", "-w", "8").command == ["gunicorn", "app:app", "-w", "8"])
        #expect(try plan("shell").form == .shell(script: true))
        #expect(try plan("shell", "x").form == .shell(script: false))
        #expect(try plan("old", "-q").command == ["serve", "-p", "1", "-q"])
        #expect(try plan("debug", environment: "test").command == ["dbg"])
    }

    @Test func commandsOfTheCaller() throws {
        #expect(try plan("launcher", "--", "ls", "-l").command == ["ls", "-l"])
        #expect(try plan("launcher", "--", "ls", "-l").form == .direct)
        #expect(try plan("launcher", "ls -l | wc").form == .shell(script: true))
        #expect(try plan("launcher", "ls", "$HOME").form == .shell(script: false))
        #expect(try plan("launcher", "ls").processType == nil)
    }

    @Test func nothingToStart() {
        let expected = LaunchError.commandRequired(processes: ["web", "shell", "old"])
        #expect(throws: expected) { try plan("launcher") }
        #expect(throws: expected) { try plan("launcher", "--") }
        #expect(throws: expected) { try plan("debug") }
        #expect(expected.exitCode == 82)
        #expect(expected.description.hasPrefix("when there is no default process a command is required"))
    }

    @Test func interfaces() throws {
        try LaunchPlan.check(platformAPI: "0.14", metadata)
        for (api, code) in [(nil, 11), ("", 11), ("0.3", 11), ("1.0", 11)] as [(String?, Int32)] {
            let error = #expect(throws: LaunchError.self) { try LaunchPlan.check(platformAPI: api, metadata) }
            #expect(error?.exitCode == code)
        }
        var future = metadata
        future.buildpacks[0].api = "0.99"
        let error = #expect(throws: LaunchError.self) { try LaunchPlan.check(platformAPI: "0.14", future) }
        #expect(error?.exitCode == 12)
    }

    @Test func bashForms() throws {
        let script = try plan("launcher", "a; b")
        #expect(
            script.bashArguments(profiles: ["/l/it's.sh"], script: true, caller: "/cnb/lifecycle/launcher") == [
                "bash", "-c", "source '/l/it'\\''s.sh'\nexec bash -c \"$@\"", "/cnb/lifecycle/launcher", "a; b",
            ]
        )
        let words = try plan("launcher", "a", "$B")
        #expect(
            words.bashArguments(profiles: [], script: false, caller: "x")[2]
                == #"exec bash -c '"$(eval echo \"$0\")" "$(eval echo \"$1\")"' "${@:1}""#
        )
    }
}
