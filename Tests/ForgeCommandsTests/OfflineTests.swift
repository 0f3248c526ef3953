// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import Testing

/// What `forge` does without a platform.
@Suite struct OfflineTests {
    @Test func `help and version work without configuration and exit with 0`() async throws {
        var forge = try CommandLineFixture()
        defer { forge.remove() }
        forge.environment = [:]
        for arguments in [[], ["--help"], ["help"], ["deploy", "-h"], ["version"], ["--version"]] {
            let outcome = await forge.run(arguments)
            #expect(outcome.status == 0, "\(arguments)")
            #expect(!outcome.output.isEmpty && outcome.error.isEmpty, "\(arguments)")
        }
        #expect(await forge.run("version").output == "forge \(VersionDocument.current)\n")
    }

    @Test(arguments: ["deploy", "plan", "status", "logs", "apps", "destroy", "validate", "up", "down", "version"])
    func `every command's help has an example`(command: String) async throws {
        let forge = try CommandLineFixture()
        defer { forge.remove() }
        let help = await forge.run(command, "--help").output
        #expect(help.contains("Example") && help.contains("\n  forge \(command)"))
        #expect(help.contains("--json") && help.contains("--no-color"))
    }

    @Test func `a mistyped command is told what was meant`() async throws {
        let forge = try CommandLineFixture()
        defer { forge.remove() }
        let near = await forge.run("deplyo")
        #expect(near.status == 64)
        #expect(near.error == "error: there is no command 'deplyo'; did you mean 'deploy'?\n")
        #expect(await forge.run("help", "deplyo").error == near.error)
        #expect(await forge.run("xyzzy").error == "error: there is no command 'xyzzy'; forge --help lists them\n")
    }

    @Test func `usage errors exit with 64, in JSON too`() async throws {
        let forge = try CommandLineFixture()
        defer { forge.remove() }
        let plain = await forge.run("status", "--nope")
        #expect(plain.status == 64 && plain.output.isEmpty)
        #expect(plain.error.hasPrefix("error: Unknown option '--nope'"))
        let json = await forge.run("deploy", "--json", "--nope")
        #expect(json.status == 64 && json.error.isEmpty)
        #expect(json.lines.first?.contains(#""code":"usage""#) == true)
        #expect(json.lines.last == #"{"exitCode":64,"outcome":"error","type":"result"}"#)
        #expect(await forge.run("logs", "shop", "-n", "20000").status == 64)
        #expect(await forge.run("status", "SHOP").status == 64)
        #expect(await forge.run("destroy", "shop", "-a", "blog").error.contains("both 'shop' and 'blog' are named"))
        #expect(await forge.run("apps", "--api-url", "localhost:7777").status == 64)
    }

    @Test func `mistakes in forge.yaml end a deploy before anything is asked`() async throws {
        let forge = try CommandLineFixture()
        defer { forge.remove() }
        try forge.write("app/forge.yaml", "version: 1\nname: shop\nprocesses:\n  web:\n    instance: 3\n")
        let outcome = await forge.run("deploy", forge.app)
        #expect(outcome.status == 65 && outcome.output.isEmpty)
        #expect(outcome.error.contains("forge.yaml:5:5: error: unknown key 'instance' in processes.web; did you mean"))
        #expect(outcome.error.hasSuffix("1 error. Nothing was changed.\n"))
        let json = await forge.run("deploy", forge.app, "--json")
        #expect(json.error.isEmpty && json.lines.count == 2)
        #expect(json.lines.first?.contains(#""code":"invalid-manifest""#) == true)
        #expect(json.lines.first?.contains(#""line":5"#) == true)
        #expect(await forge.run("deploy", forge.folder + "/nowhere").status == 65)
        let manifest = forge.app + "/forge.yaml"
        for wrong in [forge.folder + "/nowhere", manifest] {
            let named = await forge.run("plan", wrong, "-f", manifest)
            #expect(named.status == 65 && named.error.contains("folder"), "\(named)")
        }
    }

    @Test func `validate needs no platform`() async throws {
        let forge = try CommandLineFixture()
        defer { forge.remove() }
        #expect(await forge.run("validate", forge.app).output == "shop is good: web\n")
        #expect(
            await forge.run("validate", forge.app, "--json").output
                == "{\"app\":\"shop\",\"processes\":[\"web\"],\"valid\":true}\n"
        )
    }

    @Test func `a platform that is not there is said, with what to do`() async throws {
        let forge = try CommandLineFixture()
        defer { forge.remove() }
        let outcome = await forge.run("status", "shop")
        #expect(outcome.status == 69 && outcome.output.isEmpty)
        let reason =
            "no answer from http://127.0.0.1:1 (connection refused). Is the platform running? forge up starts it."
        #expect(outcome.error == "error: \(reason)\n")
        #expect(await forge.run("logs", "shop", "-f").error == outcome.error)
        let json = await forge.run("deploy", forge.app, "--json")
        #expect(json.status == 69)
        #expect(json.lines.first == "{\"code\":\"unreachable\",\"message\":\"\(reason)\",\"type\":\"error\"}")
        #expect(json.lines.last == #"{"exitCode":69,"outcome":"error","type":"result"}"#)
    }

    @Test func `a configuration that others can read is refused`() async throws {
        var forge = try CommandLineFixture()
        defer { forge.remove() }
        forge.environment["FORGE_TOKEN"] = nil
        try forge.write("config/forge/config.json", #"{"api":"http://127.0.0.1:1","token":"secret"}"#)
        let outcome = await forge.run("status", "shop")
        #expect(outcome.status == 77)
        #expect(outcome.error.contains("chmod 600"))
        #expect(!outcome.error.contains("secret"))
    }

    @Test func `down says when nothing runs, and up when there is no forged`() async throws {
        var forge = try CommandLineFixture()
        defer { forge.remove() }
        let down = await forge.run("down", "--state", forge.folder + "/state")
        #expect(down.status == 0 && down.output.hasPrefix("not running"))
        forge.environment["FORGED"] = "/nonexistent/forged"
        let up = await forge.run("up", "--state", forge.folder + "/state")
        #expect(up.status == 69)
        forge.environment["FORGED"] = "/bin/false"
        let broken = await forge.run("up", "--state", forge.folder + "/state")
        #expect(broken.status == 1)
        #expect(broken.error.contains("the platform did not start"))
    }
}
