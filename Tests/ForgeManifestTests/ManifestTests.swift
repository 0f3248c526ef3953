// SPDX-License-Identifier: Apache-2.0

import ForgeManifest
import ForgeModel
import Testing

@Suite struct ManifestTests {
    private func manifest(_ yaml: String, procfile: String? = nil) throws -> AppManifest {
        let parsed = ManifestParser.parse(yaml: "version: 1\nname: shop\n" + yaml, procfile: procfile)
        #expect(parsed.diagnostics == [])
        return try #require(parsed.manifest)
    }

    @Test func `a full manifest`() throws {
        let manifest = try manifest(
            """
            build:
              path: ./web//
              env: { NODE_ENV: production }
            env:
              LOG_LEVEL: info
            release:
              command: bin/migrate
            processes:
              web:
                command: bin/web
                instances: 3
                resources: { cpu: 0.25, memory: 1Gi }
                port: 9000
                healthcheck: { path: "/up?full=1", grace: 90s }
              worker:
                instances: 1
            drift: report
            """
        )
        let expected = AppManifest(
            name: try AppName("shop"),
            build: BuildSettings(path: "web", env: ["NODE_ENV": "production"]),
            env: ["LOG_LEVEL": "info"],
            release: .shell("bin/migrate"),
            processes: [
                .web: ProcessSettings(
                    command: .shell("bin/web"),
                    instances: 3,
                    resources: Resources(cpu: CPU(millicores: 250), memory: Memory(bytes: 1 << 30)),
                    port: 9000,
                    healthcheck: .http(path: "/up?full=1", grace: TimeSpan(seconds: 90))
                ),
                try ProcessType("worker"): ProcessSettings(command: .image, instances: 1),
            ],
            drift: .report
        )
        #expect(manifest == expected)
    }

    @Test func `the smallest manifest`() throws {
        #expect(try manifest("") == AppManifest(name: try AppName("shop")))
        #expect(try manifest("build:\nenv:\nrelease:\nprocesses:\n") == AppManifest(name: try AppName("shop")))
    }

    @Test func `variables keep their source text`() throws {
        let env = try manifest(
            "env: {A: 1.10, B: 007, C: no, D: '', E: \"null\", F: 1e3, G: 'it''s', H: 2001-01-01, I: 0x10}\n"
        ).env
        let expected = [
            "A": "1.10", "B": "007", "C": "no", "D": "", "E": "null", "F": "1e3", "G": "it's", "H": "2001-01-01",
            "I": "0x10",
        ]
        #expect(env == expected)
    }

    @Test func `variables of many lines`() throws {
        let env = try manifest("env:\n  KEY: |\n    a\n    b\n  FOLDED: >-\n    a\n    b\n").env
        #expect(env == ["KEY": "a\nb\n", "FOLDED": "a b"])
    }

    @Test func `an alias repeats a value`() throws {
        let manifest = try manifest("processes:\n  a: &a {instances: 2}\n  b: *a\n")
        #expect(manifest.processes.values.map(\.instances) == [2, 2])
    }

    @Test func `a Procfile gives processes that run from the image`() throws {
        let manifest = try manifest("", procfile: "# types\nrelease: a\nweb: b # not a comment\n\nworker:c\r\n")
        #expect(manifest.release == .image)
        #expect(manifest.processes[.web] == .defaults(for: .web))
        #expect(manifest.processes[try ProcessType("worker")] == ProcessSettings(command: .image, instances: 0))
        #expect(manifest.processes.count == 2)
    }

    @Test func `forge.yaml goes before the Procfile`() throws {
        let manifest = try manifest(
            "release: {command: x}\nprocesses: {web: {command: y}, worker: {instances: 4}, clock: }\n",
            procfile: "release: a\nweb: b\nworker: c\n"
        )
        #expect(manifest.release == .shell("x"))
        #expect(manifest.processes[.web]?.command == .shell("y"))
        #expect(manifest.processes[.web]?.instances == 1)
        #expect(manifest.processes[try ProcessType("worker")]?.command == .image)
        #expect(manifest.processes[try ProcessType("worker")]?.instances == 4)
        #expect(manifest.processes[try ProcessType("clock")] == ProcessSettings(command: .image, instances: 0))
    }

    @Test(arguments: [
        ("none", Healthcheck.none), ("'none'", .none), ("{}", .tcp(grace: TimeSpan(seconds: 60))),
        ("{grace: 5m}", .tcp(grace: TimeSpan(seconds: 300))),
        ("{path: /}", .http(path: "/", grace: TimeSpan(seconds: 60))),
    ])
    func `healthchecks of web`(text: String, healthcheck: Healthcheck) throws {
        #expect(try manifest("processes: {web: {healthcheck: \(text)}}\n").processes[.web]?.healthcheck == healthcheck)
    }

    @Test func `a Procfile's warnings leave the manifest usable`() throws {
        let parsed = ManifestParser.parse(
            yaml: "version: 1\nname: shop\n",
            procfile: " Web: a\nmy_job: b\nweb: c\n"
        )
        #expect(parsed.diagnostics.map(\.severity) == [.warning, .warning, .warning, .warning])
        let types = try #require(parsed.manifest).processes.keys.map(\.text).sorted()
        #expect(types == ["my-job", "web"])
    }

    @Test(arguments: [
        ("version: 1\n", "."), ("build: {path: a/b}\nversion: 1\n", "a/b"),
        ("version: 1\nbuild: {path: ./a//b/./}\n", "a/b"),
        ("version: 1\nbuild: {path: ./}\n", "."), ("version: 1\nbuild: {path: ../a}\n", "."), ("{", "."),
        ("version: 1\nbuild: {path: a..b/..c}\n", "a..b/..c"),
    ])
    func `the caller learns where the Procfile is`(yaml: String, path: String) {
        #expect(ManifestParser.buildPath(yaml: Array(yaml.utf8)) == path)
        #expect(ManifestParser.procfileName(in: path) == (path == "." ? "Procfile" : "\(path)/Procfile"))
    }
}
