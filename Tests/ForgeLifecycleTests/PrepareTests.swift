// SPDX-License-Identifier: Apache-2.0

import ForgeOCI
import ForgeRegistry
import Testing

@testable import ForgeLifecycle

@Suite struct PrepareTests {
    private func prepare(
        _ bench: Workbench,
        _ registry: RegistryFixture,
        _ source: String,
        _ more: [String] = [],
        environment: [String: String] = [:]
    ) async throws {
        let settings = try bench.settings(
            ["-source", source] + more,
            environment: ["CNB_REGISTRY_AUTH": registry.auth].merging(environment) { $1 }
        )
        try await PreparePhase(settings, log: bench.log).run()
    }

    @Test func unpacksTheSourceAndWritesVariables() async throws {
        let registry = try await RegistryFixture()
        let bench = try Workbench()
        try bench.write("source/app.py", "print()\n")
        try bench.write("source/svc/api/main.py", "api\n")
        try bench.write("source/bin/run", "#!/bin/sh\n", mode: 0o755)
        let source = try await registry.pushSource(bench.root + "/source")
        try bench.write("workspace/left-over", "from a try before")
        try await prepare(
            bench,
            registry,
            source,
            environment: ["FORGE_BUILD_ENV": #"{"A":"x\ny ","EMPTY":"","PIP_INDEX_URL":"https://u:p@h/s?a=b"}"#]
        )
        #expect(try Directory.names(in: bench.root + "/workspace") == ["app.py", "bin", "svc"])
        #expect(try bench.read("workspace/app.py") == "print()\n")
        #expect(try FileStatus(of: bench.root + "/workspace/bin/run").mode == 0o755)
        #expect(try bench.read("platform/env/A") == "x\ny ")
        #expect(try bench.read("platform/env/EMPTY").isEmpty)
        #expect(try FileStatus(of: bench.root + "/platform/env/PIP_INDEX_URL").mode == 0o600)
        try await prepare(bench, registry, source, ["-path", "svc/api"])
        #expect(try Directory.names(in: bench.root + "/workspace") == ["main.py"])
        #expect(try Directory.names(in: bench.root + "/platform/env").isEmpty)
        let error = await #expect(throws: PhaseError.self) {
            try await prepare(bench, registry, source, ["-path", "nowhere"])
        }
        #expect(error?.description == "the source has nothing in 'nowhere'; check build.path")
    }

    @Test func refusesWhatIsNoSource() async throws {
        let registry = try await RegistryFixture()
        let bench = try Workbench()
        _ = try await registry.pushRunImage()
        let digest = try #require(try await registry.client.headManifest("forge/run", "12"))
        for source in [
            "\(registry.host)/forge/run@\(digest)", "\(registry.host)/forge/run:12",
            "\(registry.host)/sources/app@sha256:" + String(repeating: "0", count: 64),
        ] {
            await #expect(throws: PhaseError.self) { try await prepare(bench, registry, source) }
        }
        for variables in ["[]", #"{"A":1}"#, #"{"../A":""}"#, #"{"":""}"#] {
            let error = await #expect(throws: PhaseError.self) {
                try await prepare(bench, registry, "x", environment: ["FORGE_BUILD_ENV": variables])
            }
            #expect(error?.exitCode == 3)
        }
    }
}
