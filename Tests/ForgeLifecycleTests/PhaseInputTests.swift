// SPDX-License-Identifier: Apache-2.0

import ForgeLaunch
import ForgeOCI
import Testing

@testable import ForgeLifecycle

@Suite struct PhaseInputTests {
    @Test func flagsAsGoReadsThem() throws {
        let flags = try PhaseFlags([
            "-app", "/a", "--layers=/l", "-skip-layers", "-skip-restore=false", "-run-image=", "-tag", "x", "-tag=y",
            "image", "-app", "late",
        ])
        #expect(flags.values[.app] == ["/a"])
        #expect(flags.values[.layers] == ["/l"])
        #expect(flags.values[.skipLayers] == ["true"])
        #expect(flags.values[.skipRestore] == ["false"])
        #expect(flags.values[.runImage] == [""])
        #expect(flags.values[.tag] == ["x", "y"])
        #expect(flags.arguments == ["image", "-app", "late"])
        #expect(try PhaseFlags(["--", "-x"]).arguments == ["-x"])
        for words in [["-nope"], ["-app"], ["---app", "x"], ["-daemon=perhaps"]] {
            let error = #expect(throws: PhaseError.self) { try PhaseFlags(words) }
            #expect(error?.exitCode == 3)
        }
    }

    @Test func flagsWinOverVariablesAndDefaults() throws {
        let environment = [
            "CNB_PLATFORM_API": "0.12", "CNB_APP_DIR": "/env/app", "CNB_LAYERS_DIR": "/env/layers",
            "CNB_INSECURE_REGISTRIES": "a,b", "CNB_RUN_IMAGE": "from-env",
        ]
        let settings = try PhaseSettings(["-app", "/flag/../app/.", "-run-image="], environment: environment)
        #expect(settings.app == "/app")
        #expect(settings.layers == "/env/layers")
        #expect(settings.group == "/env/layers/group.toml")
        #expect(settings.platform == "/platform")
        #expect(settings.list(.insecureRegistry) == ["a", "b"])
        #expect(settings[.runImage] == nil)
        for api in ["", "0.11", "0.16", "x"] {
            let error = #expect(throws: PhaseError.self) {
                try PhaseSettings(["-nope"], environment: ["CNB_PLATFORM_API": api])
            }
            #expect(error?.exitCode == 11)
        }
    }

    @Test(arguments: [
        ("127.0.0.1:5000/apps/shop:v1", "127.0.0.1:5000", "apps/shop", "v1"),
        ("localhost/shop", "localhost", "shop", "latest"),
        ("heroku/builder:24", "docker.io", "heroku/builder", "24"),
        ("debian", "docker.io", "library/debian", "latest"),
    ])
    func imageNames(text: String, registry: String, repository: String, reference: String) throws {
        let name = try ImageName(text)
        #expect(name.registry == registry)
        #expect(name.repository == repository)
        #expect(name.reference == reference)
    }

    @Test func imageNamesByDigest() throws {
        let digest = "sha256:" + String(repeating: "ab", count: 32)
        let name = try ImageName("r.example:1/a/b:tag@\(digest)")
        #expect(name.reference == digest)
        #expect(name.description == "r.example:1/a/b@\(digest)")
        for text in ["", "r.example/a@sha256:1", "r.example/a:"] {
            #expect(throws: PhaseError.self) { try ImageName(text) }
        }
    }

    @Test func tomlComesBackAsWritten() throws {
        let table: [String: JSONValue] = [
            "text": .string("quote \" backslash \\ newline \n tab \t bell \u{7} delete \u{7F} é 😀"),
            "odd key.x": .bool(true),
            "number": .integer(-3),
            "real": .number(2.5),
            "list": .array([.string("a"), .object(["b": .integer(1)])]),
            "table": .object(["inner": .object(["x": .string("y")]), "n": .null]),
            "tables": .array([.object(["a": .integer(1)]), .object(["t": .object(["z": .bool(false)])])]),
        ]
        let text = TOMLText.write(table)
        var expected = table
        expected["table"] = .object(["inner": .object(["x": .string("y")])])
        #expect(try TOMLText.parse(Array(text.utf8), name: "test") == .object(expected))
        // The launcher's own reader agrees with the full one.
        let own = try TOMLReader.read(Array(TOMLText.write(["text": table["text"] ?? .null]).utf8))
        #expect(own["text"]?.string == table["text"]?.string)
        let error = #expect(throws: PhaseError.self) { try TOMLText.parse(Array("a = 1\nb = ".utf8), name: "x.toml") }
        #expect(error?.description.hasPrefix("'x.toml' line 2 is not TOML") == true)
    }
}
