// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Runs the launcher that was built beside the tests, as an image would.
@Suite struct LauncherBinaryTests {
    /// An image's directories, in a folder that exists for one test.
    private final class Image {
        let root: URL

        init() throws {
            root = FileManager.default.temporaryDirectory.appendingPathComponent("forge-launch-\(UUID().uuidString)")
            try write("app/here", "")
            try write(
                "layers/config/metadata.toml",
                """
                [[buildpacks]]
                id = "one/first"
                api = "0.10"
                [[buildpacks]]
                id = "two"
                api = "0.12"
                [[processes]]
                type = "web"
                command = ["show", "fixed"]
                args = ["default"]
                direct = true
                [[processes]]
                type = "legacy"
                command = ["echo legacy $GREETING"]
                direct = false
                [[processes]]
                type = "elsewhere"
                command = ["pwd"]
                direct = true
                working-dir = "/usr"
                """
            )
            try write("layers/one_first/a/bin/show", "#!/bin/sh\nenv; echo \"args=$*\"; pwd\n", executable: true)
        }

        deinit { try? FileManager.default.removeItem(at: root) }

        func write(_ name: String, _ text: String, executable: Bool = false) throws {
            let file = root.appendingPathComponent(name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            // Closed on exec: a program that is open for writing, if only in another test's child, cannot be run.
            let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC
            let descriptor = open(file.path, flags, executable ? 0o755 : 0o644)
            try #require(descriptor >= 0)
            try FileHandle(fileDescriptor: descriptor, closeOnDealloc: true).write(contentsOf: Data(text.utf8))
        }

        func run(
            _ name: String,
            _ arguments: [String] = [],
            environment: [String: String] = [:]
        ) throws -> (status: Int32, lines: [String]) {
            let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            let launcher = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent(
                "forge-launcher"
            )
            let entry = root.appendingPathComponent("process-\(UUID().uuidString)/\(name)")
            try FileManager.default.createDirectory(
                at: entry.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try FileManager.default.createSymbolicLink(at: entry, withDestinationURL: launcher)
            let process = Process()
            process.executableURL = entry
            process.arguments = arguments
            process.environment = [
                "PATH": "/cnb/process:/cnb/lifecycle:/usr/bin:/bin", "CNB_PLATFORM_API": "0.14",
                "CNB_LAYERS_DIR": root.path + "/layers", "CNB_APP_DIR": root.path + "/app",
            ].merging(environment) { $1 }
            let output = Pipe()
            process.standardOutput = output
            process.standardError = output
            process.standardInput = FileHandle.nullDevice
            try process.run()
            let bytes = output.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return (
                process.terminationStatus,
                String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
            )
        }
    }

    @Test func processWithItsEnvironment() throws {
        let image = try Image()
        try image.write("layers/one_first/a/env/GREETING", "hello")
        try image.write("layers/one_first/a/env.launch/GREETING.append", " launch")
        try image.write("layers/one_first/a/env.launch/web/GREETING.append", " web")
        try image.write("layers/one_first/a/env.launch/worker/GREETING.append", " never")
        try image.write("layers/one_first/a/env.build/GREETING.append", " never")
        try image.write("layers/two/b/bin/x", "")
        try image.write("layers/two/b/lib/x", "")
        try image.write("layers/two/b/env/GREETING.prepend", "two ")
        try image.write(
            "layers/two/b/exec.d/10-set",
            "#!/bin/sh\nprintf 'FROM_EXECD = \"%s\"\\n' \"$GREETING\" >&3\n",
            executable: true
        )
        try image.write("layers/two/b/exec.d/web/20-set", "#!/bin/sh\necho \"E2 = '2'\" >&3\n", executable: true)
        try image.write("layers/two/b/exec.d/worker/30-fail", "#!/bin/sh\nexit 1\n", executable: true)
        let (status, lines) = try image.run("web", environment: ["MINE": "a b"])
        #expect(status == 0)
        let layers = image.root.path + "/layers"
        #expect(lines.contains("PATH=\(layers)/two/b/bin:\(layers)/one_first/a/bin:/usr/bin:/bin"))
        #expect(lines.contains("LD_LIBRARY_PATH=\(layers)/two/b/lib"))
        #expect(lines.contains("GREETING=two hello launch web"))
        #expect(lines.contains("FROM_EXECD=two hello launch web"))
        #expect(lines.contains("E2=2"))
        #expect(lines.contains("MINE=a b"))
        #expect(lines.contains("args=fixed default"))
        #expect(lines.last == image.root.path + "/app")
        #expect(!lines.contains { $0.hasPrefix("CNB_") })
        #expect(try image.run("web", ["--user", "x y"]).lines.contains("args=fixed --user x y"))
        #expect(try image.run("elsewhere").lines == ["/usr"])
    }

    @Test func shellForms() throws {
        let image = try Image()
        try image.write("layers/one_first/a/profile.d/it's.sh", "GREETING=profile; export GREETING\n")
        try image.write("layers/one_first/a/profile.d/legacy/z.sh", "GREETING=$GREETING-type\n")
        try image.write("app/.profile", "GREETING=$GREETING-app\n")
        #expect(try image.run("legacy").lines == ["legacy profile-type-app"])
        #expect(try image.run("launcher", ["echo $GREETING | tr a-z A-Z"]).lines == ["PROFILE-APP"])
        #expect(try image.run("launcher", ["echo", "$GREETING", "two  words"]).lines == ["profile-app two words"])
        #expect(try image.run("launcher", ["--", "echo", "$GREETING"]).lines == ["$GREETING"])
    }

    @Test func failures() throws {
        let image = try Image()
        let nothing = try image.run("launcher")
        #expect(nothing.status == 82)
        #expect(nothing.lines[0].contains("a command is required (process types: web, legacy, elsewhere)"))
        let missing = try image.run("launcher", ["--", "no-such-program"])
        #expect(missing.status == 82)
        #expect(missing.lines[0].contains("'no-such-program' is not in PATH"))
        #expect(try image.run("web", environment: ["CNB_PLATFORM_API": ""]).status == 11)
        #expect(try image.run("web", environment: ["CNB_PLATFORM_API": "0.2"]).status == 11)
        try image.write("layers/two/b/exec.d/fail", "#!/bin/sh\nexit 3\n", executable: true)
        let failed = try image.run("web")
        #expect(failed.status == 82)
        #expect(failed.lines[0].hasSuffix("layers/two/b/exec.d/fail' exited with 3"))
        try image.write("layers/two/b/exec.d/fail", "#!/bin/sh\necho 'x = 1' >&3\n", executable: true)
        #expect(try image.run("web").lines[0].contains("gave 'x' a value that is not a string"))
        let flood = "#!/bin/sh\nexec head -c 3000000 /dev/zero >&3\n"
        try image.write("layers/two/b/exec.d/fail", flood, executable: true)
        #expect(try image.run("web").lines[0].hasSuffix("exec.d/fail' has more than 1048576 bytes"))
        try image.write("layers/config/metadata.toml", "[[buildpacks]]\nid = \"a\"\napi = \"9\"\n")
        #expect(try image.run("web").status == 12)
        try image.write("layers/config/metadata.toml", "nonsense")
        #expect(try image.run("web").lines[0].contains("metadata.toml: line 1: expected '='"))
    }
}
