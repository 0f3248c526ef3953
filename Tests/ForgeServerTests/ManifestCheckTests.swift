// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgeTesting
import HTTPTypes
import Testing

@testable import ForgeServer

@Suite struct ManifestCheckTests {
    @Test func `what forge.yaml could say passes`() throws {
        var manifest = Sample.manifest()
        manifest.env = ["LOG_LEVEL": "info", "_X1": ""]
        manifest.build = BuildSettings(path: "services/shop", env: ["NODE_ENV": "production"])
        manifest.release = .shell("bin/migrate")
        manifest.processes[.web]?.healthcheck = .http(path: "/up", grace: Healthcheck.defaultGrace)
        try ManifestCheck(manifest).check(manifest.name)
    }

    @Test(arguments: [
        Wrong("name") { $0.name = Sample.name("blog") },
        Wrong("build.path") { $0.build.path = "../secrets" },
        Wrong("build.path") { $0.build.path = "/etc" },
        Wrong("build.path") { $0.build.path = "a/./b" },
        Wrong("env") { $0.env = ["A B": ""] },
        Wrong("env") { $0.env = ["PORT": "1"] },
        Wrong("env") { $0.env = ["CNB_PLATFORM_API": "0.1"] },
        Wrong("env") { manifest in
            for number in 0..<9 { manifest.env["A\(number)"] = String(repeating: "x", count: 60_000) }
        },
        Wrong("env.A") { $0.env = ["A": "a\0b"] },
        Wrong("build.env.A") { $0.build.env = ["A": String(repeating: "x", count: 65_537)] },
        Wrong("release.command") { $0.release = .shell("") },
        Wrong("release.command") { $0.release = .shell(" \n") },
        Wrong("processes.web.resources.cpu") { $0.processes[.web]?.resources.cpu = CPU(millicores: 1) },
        Wrong("processes.web.resources.memory") { $0.processes[.web]?.resources.memory = Memory(bytes: 1 << 20) },
        Wrong("processes.web.healthcheck.path") {
            $0.processes[.web]?.healthcheck = .http(path: "/ü", grace: Healthcheck.defaultGrace)
        },
        Wrong("processes.web.instances") { $0.processes[.web]?.instances = 101 },
        Wrong("processes.web.instances") { $0.processes[.web]?.instances = -1 },
        Wrong("processes.web.port") { $0.processes[.web]?.port = 80 },
        Wrong("processes.web.healthcheck") { $0.processes[.web]?.port = nil },
        Wrong("processes.release") { $0.processes[.release] = ProcessSettings(command: .image, instances: 1) },
        Wrong("processes.web.healthcheck.path") {
            $0.processes[.web]?.healthcheck = .http(path: "up", grace: Healthcheck.defaultGrace)
        },
    ])
    func `what it could not say is refused by name`(wrong: Wrong) throws {
        var manifest = Sample.manifest()
        wrong.change(&manifest)
        let problem = #expect(throws: Problem.self) { try ManifestCheck(manifest).check(Sample.manifest().name) }
        #expect(problem?.detail.contains("'\(wrong.path)'") == true)
        #expect(problem?.status == .unprocessableContent)
    }

    struct Wrong: Sendable {
        let path: String
        let change: @Sendable (inout AppManifest) -> Void

        init(_ path: String, _ change: @escaping @Sendable (inout AppManifest) -> Void) {
            self.path = path
            self.change = change
        }
    }
}
