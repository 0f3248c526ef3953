// SPDX-License-Identifier: Apache-2.0

import ForgeServerTesting
import FoundationEssentials
import Testing

/// `forge up` and `forge down`, with a supervisor that does what specs/supervisor.md promises and nothing else.
@Suite struct UpDownTests {
    /// Takes the lock, announces an API that runs already, and ends when it is told to.
    private static func supervisor(port: Int) -> String {
        """
        #!/bin/sh
        state=$3
        exec 9>"$state/lock"
        flock -n 9 || exit 1
        printf %s $$ >"$state/lock"
        echo "started with $*"
        (umask 077 && printf forge_token >"$state/admin.token")
        printf '{"pid":%d,"api":"http://127.0.0.1:\(port)","router":"http://127.0.0.1:8080","ready":true}' $$ \
            >"$state/supervisor.json"
        trap 'rm -f "$state/supervisor.json"; exit 0' TERM
        while :; do sleep 0.05 9>&-; done
        """
    }

    private func forge(port: Int) throws -> CommandLineFixture {
        var forge = try CommandLineFixture(port: port)
        try forge.write("forged", Self.supervisor(port: port))
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: forge.folder + "/forged")
        forge.environment["FORGED"] = forge.folder + "/forged"
        forge.environment["FORGE_STATE_DIR"] = forge.folder + "/state"
        return forge
    }

    @Test func `up starts once and installs the token, down stops once`() async throws {
        try await TestPlatform().serve { port in
            let forge = try forge(port: port)
            defer { forge.remove() }
            let state = forge.folder + "/state"
            let place = "API http://127.0.0.1:\(port), apps http://127.0.0.1:8080, state \(state)"
            let first = await forge.run("up", "--http-port", "8080", "--base-domain", "apps.test")
            #expect(first.status == 0 && first.error.isEmpty)
            #expect(first.output == "the platform runs: \(place)\n")
            let log = try String(decoding: Data(contentsOf: URL(filePath: state + "/log/supervise.log")), as: UTF8.self)
            #expect(log == "started with supervise --state \(state) --http-port 8080 --base-domain apps.test\n")
            let path = forge.folder + "/config/forge/config.json"
            let configuration = try String(decoding: Data(contentsOf: URL(filePath: path)), as: UTF8.self)
            #expect(configuration.contains(#""token" : "forge_token""#) && configuration.contains(":\(port)"))
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)

            #expect(await forge.run("up").output == "the platform ran already: \(place)\n")
            let late = await forge.run("up", "--base-domain", "other.test")
            #expect(late.status == 0 && late.error.contains("a start alone takes --base-domain"))
            #expect(await forge.run("up", "--base-domain", "a b").status == 64)
            #expect(await forge.run("up", "--json").output.contains(#""started":false"#))
            #expect(await forge.run("down").output == "the platform is stopped; \(state) keeps its state\n")
            let last = await forge.run("down", "--json")
            #expect(last.status == 0 && last.output == "{\"state\":\"\(state)\",\"stopped\":false}\n")
        }
    }
}
