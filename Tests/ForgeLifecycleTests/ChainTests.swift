// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgeOCI
import ForgeRegistry
import Foundation
import Glibc
import Testing

@testable import ForgeLifecycle

/// All phases as the programs that a builder image has, each in its own process and none as root.
@Suite struct ChainTests {
    private let user: UInt32 = 1001

    /// The program that was built beside the tests, copied to where any user can run it.
    private func install(_ program: String, in bench: Workbench) throws -> String {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let built = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent(program)
        let path = "\(bench.root)/cnb/\(program)"
        // By a process of its own: a copy made here could be open for writing in a child that another test starts
        // meanwhile, and what is open for writing cannot be run.
        let copy = try Process.run(URL(fileURLWithPath: "/bin/cp"), arguments: [built.path, path])
        copy.waitUntilExit()
        try #require(copy.terminationStatus == 0)
        return path
    }

    private func run(
        _ command: [String],
        _ environment: [String: String],
        in bench: Workbench
    ) throws -> (status: Int32, output: String) {
        let process = Process()
        // A test that is not run by root stays who it is.
        let prefix = geteuid() == 0 ? ["/usr/bin/setpriv", "--reuid=\(user)", "--regid=\(user)", "--clear-groups"] : []
        let words = prefix + command
        process.executableURL = URL(fileURLWithPath: words[0])
        process.arguments = Array(words.dropFirst())
        process.environment = ["PATH": "/usr/bin:/bin", "HOME": bench.root + "/home"].merging(environment) { $1 }
        process.currentDirectoryURL = URL(fileURLWithPath: "/")
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
    }

    @Test func fromSourceToRunningProcess() async throws {
        let registry = try await RegistryFixture()
        let run = try await registry.pushRunImage()
        let bench = try Workbench()
        try bench.installEmbedded()
        let greeting = #"echo "it's 100% \"quoted\" \\ é 😀 $GREETING: $(basename "$PWD") $0""#
        try bench.write("source/Procfile", "# comment\nweb: \(greeting)\r\nBack_Ground:   sleep 1 # stays\n")
        try bench.write("source/sub/file", "x")
        let source = try await registry.pushSource(bench.root + "/source")
        let lifecycle = try install("forge-lifecycle", in: bench)
        let launcher = try install("forge-launcher", in: bench)
        try bench.write("cnb/build-config/env/FROM_BUILDER.default", "1")
        if geteuid() == 0 {
            let all = FileManager.default.enumerator(atPath: bench.root)?.compactMap { $0 as? String } ?? []
            for name in [""] + all { lchown("\(bench.root)/\(name)", user, user) }
        }
        let api = ["CNB_PLATFORM_API": "0.14"]
        let secret = api.merging(["CNB_REGISTRY_AUTH": registry.auth]) { $1 }
        let image = "\(registry.host)/builds/shop:build-1"
        let flags = bench.flags.map { $0 == bench.root + "/cnb/launcher" ? launcher : $0 }
        let phases: [(String, [String], [String: String])] = [
            ("prepare", ["-source", source], secret.merging(["FORGE_BUILD_ENV": #"{"A":"b c"}"#]) { $1 }),
            ("analyzer", ["-run-image", run, image], secret),
            ("detector", [], api),
            ("restorer", [], api),
            ("builder", [], api),
            ("exporter", ["-layer-compression", "none", image], secret),
        ]
        var output = ""
        for _ in 0..<2 {
            for (phase, arguments, environment) in phases {
                let (status, text) = try self.run([lifecycle, phase] + flags + arguments, environment, in: bench)
                #expect(status == 0, "\(phase): \(text)")
                output += text
            }
            try TextFile.remove(bench.root + "/workspace/sub")
        }
        #expect(output.contains("process type 'Back_Ground' becomes 'back-ground'"))
        let results = output.split(separator: "\n").filter { $0.hasPrefix("forge-result: ") }
        let parsed = try results.map {
            try CanonicalJSON.decode(JSONValue.self, from: Array($0.dropFirst(14).utf8), kind: "result")
        }
        try #require(parsed.count == 2)
        #expect(parsed[0]["digest"] == parsed[1]["digest"])
        #expect(parsed[1]["newLayers"]?.integer == 0)
        #expect(parsed[0]["buildpacks"]?.array == [.string("forge/procfile@1.0.0")])
        let digest = try await registry.client.headManifest("builds/shop", "build-1")
        #expect(digest?.text == parsed[0]["digest"]?.string)

        // The process starts as the image says.
        try FileManager.default.createSymbolicLink(atPath: bench.root + "/cnb/web", withDestinationPath: launcher)
        let settings = try bench.settings(environment: secret)
        let built = try #require(try await RemoteImage.fetch(ImageName(image), RegistryAccess(settings)))
        #expect(built.config.entrypoint == ["/cnb/process/web"])
        var environment = Dictionary(uniqueKeysWithValues: built.config.environment.map { ($0.name, $0.value) })
        environment["GREETING"] = "hello"
        let (status, text) = try self.run([bench.root + "/cnb/web"], environment, in: bench)
        #expect(status == 0)
        #expect(text == "it's 100% \"quoted\" \\ é 😀 hello: workspace bash\n")
    }

    @Test func rootAndUnknownPhasesAreRefused() throws {
        let bench = try Workbench()
        let lifecycle = try install("forge-lifecycle", in: bench)
        #expect(try run([lifecycle], [:], in: bench).status == 3)
        #expect(try run([lifecycle, "rebaser"], [:], in: bench).status == 3)
        #expect(try run([lifecycle, "detector"], [:], in: bench).status == 11)
        #expect(try run([lifecycle, "detector", "-nope"], ["CNB_PLATFORM_API": "0.14"], in: bench).status == 3)
        try FileManager.default.createSymbolicLink(atPath: bench.root + "/cnb/detector", withDestinationPath: lifecycle)
        let named = try run([bench.root + "/cnb/detector", "-version"], ["CNB_PLATFORM_API": "0.14"], in: bench)
        #expect(named.output == Lifecycle.version + "\n")
        guard geteuid() == 0 else { return }
        let error = #expect(throws: PhaseError.self) { try Privileges.refuseRoot() }
        #expect(error?.exitCode == 1)
    }
}
