// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension EndToEndTests {
    /// What a user does and sees when all goes well.
    @Suite(.serialized) struct DeployTests {
        @Test func `the example is planned, deployed, answers, and then has no changes`() async throws {
            let example = URL(filePath: #filePath).deletingLastPathComponent().appending(
                path: "../../examples/python-web"
            )
            let app = try SampleApp([:], prefix: "hello")
            for file in ["app.py", "requirements.txt", "Procfile", "forge.yaml"] {
                let text = try String(contentsOf: example.appending(path: file), encoding: .utf8)
                try app.write(file, text.replacing("name: hello", with: "name: NAME"))
            }
            let before = try await ForgeCLI.run("apps", "--json")
            let plan = try await app.plan("--detailed-exitcode")
            #expect(plan.status == 2, plan.all)
            #expect(plan.stdout.contains("1  + build     \(app.name)"), plan.all)
            #expect(try await ForgeCLI.run("apps", "--json").stdout == before.stdout)

            let deploy = try await app.deploy()
            #expect(deploy.status == 0, deploy.all)
            #expect(deploy.stderr.contains(plan.stdout), "the plan that was shown is the plan that was planned")
            let page = try await app.page()
            #expect(page.stdout.contains("200 OK") && page.stdout.contains("Hello from forge"), page.all)

            let again = try await app.plan("--detailed-exitcode")
            #expect(again.status == 0 && again.stdout.contains("No changes"), again.all)
            let second = try await app.deploy()
            #expect(second.status == 0 && !second.stderr.contains("build "), second.all)

            // Configuration alone builds nothing.
            let manifest = try String(contentsOf: app.folder.appending(path: "forge.yaml"), encoding: .utf8)
            try app.write("forge.yaml", manifest + "env: { GREETING: Hallo }\n")
            let change = try await app.plan()
            #expect(change.stdout.contains("env.GREETING") && !change.stdout.contains("build "), change.all)
            #expect(try await app.deploy().status == 0)
            #expect(try await app.page().stdout.contains("Hallo"))
            #expect(try await app.destroy().status == 0)
        }

        @Test func `an app with another port, a nested path and a command with spaces and quotes`() async throws {
            let app = try SampleApp([
                "forge.yaml": """
                version: 1
                name: NAME
                build: { path: services/api }
                env: { GREETING: "it's \\"quoted\\" — 100 %" }
                processes:
                  web:
                    command: python3 "the server.py" 'two words and a "quote"' $HOME
                    port: 9000
                    healthcheck: { path: /ready, grace: 30s }
                """,
                "services/api/the server.py": SampleApp.server,
                "services/api/Procfile":
                    "worker: python3 -c 'import time; print(\"working\", flush=True); time.sleep(3600)'\n",
                "elsewhere/broken.py": "this is not part of the build",
            ])
            let deploy = try await app.deploy()
            #expect(deploy.status == 0, deploy.all)
            let page = try await app.page()
            #expect(page.stdout.contains("it's \"quoted\" — 100 % from two words and a \"quote\""), page.all)

            // The worker does not run until it is asked for.
            let status = try await ForgeCLI.run("status", app.name)
            #expect(status.stdout.contains("1 of 1 ready") && !status.stdout.contains("worker"), status.all)
            var manifest = try String(contentsOf: app.folder.appending(path: "forge.yaml"), encoding: .utf8)
            manifest += "\n  worker: { instances: 2 }\n"
            try app.write("forge.yaml", manifest)
            #expect(try await app.deploy().status == 0)
            let logs = try await ForgeCLI.run("logs", app.name, "-p", "worker")
            #expect(logs.stdout.components(separatedBy: "working").count == 3, logs.all)

            // And goes again when it is not described any more.
            try app.write(
                "forge.yaml",
                manifest.replacing("worker: { instances: 2 }", with: "worker: { instances: 0 }")
            )
            let off = try await app.deploy()
            #expect(off.status == 0 && off.stderr.contains("prune"), off.all)
            #expect(try await app.destroy().status == 0)
        }

        @Test func `the same tree gives the same image twice`() async throws {
            let first = try SampleApp.web()
            let second = try SampleApp.web()
            try second.write("Procfile", String(contentsOf: first.folder.appending(path: "Procfile"), encoding: .utf8))
            for app in [first, second] { try app.write(".forgeignore", "forge.yaml\n") }
            let digests = try await [first, second].asyncMap { app in
                let deploy = try await app.deploy("--json")
                #expect(deploy.status == 0, deploy.all)
                return deploy.stdout.firstMatch(of: /is (sha256:[0-9a-f]{12})/)?.output.1
            }
            #expect(digests[0] != nil && digests[0] == digests[1])
            for app in [first, second] { #expect(try await app.destroy().status == 0) }
        }

        @Test func `containers have limits, and no root, no capabilities and no new privileges`() async throws {
            let app = try SampleApp.web("processes: { web: { resources: { cpu: 250m, memory: 128Mi } } }\n")
            let deploy = try await app.deploy()
            #expect(deploy.status == 0, deploy.all)
            let page = try await app.page("/self")
            #expect(page.stdout.firstMatch(of: /uid=[1-9][0-9]*/) != nil, page.all)
            // A quarter of the period of 100 ms, and 128 times 2 to the 20.
            #expect(page.stdout.contains("cpu=25000 memory=134217728"), page.all)
            // A pod cannot ask for a limit of processes: nodes have one for all (specs/kubernetes.md §3).
            if !ForgeCLI.isOnKubernetes {
                #expect(page.stdout.firstMatch(of: /pids=[1-9][0-9]*/) != nil, page.all)
            }
            #expect(page.stdout.contains("CapEff:\t0000000000000000"), page.all)
            #expect(page.stdout.contains("CapBnd:\t0000000000000000"), page.all)
            #expect(page.stdout.contains("NoNewPrivs:\t1"), page.all)
            let headers = try await app.page("/headers")
            #expect(headers.stdout.contains("x-forwarded-proto: http"), headers.all)
            #expect(headers.stdout.contains("x-forwarded-host: \(app.name).localhost"), headers.all)
            #expect(try await app.destroy().status == 0)
        }

        @Test func `the release command runs once, with the new configuration, before the release serves`() async throws
        {
            let app = try SampleApp.web(
                "env: { GREETING: one }\nrelease: { command: 'echo migrating to $GREETING; test $GREETING != bad' }\n"
            )
            let first = try await app.deploy("--verbose")
            #expect(first.status == 0 && first.stderr.contains("migrating to one"), first.all)
            let manifest = try String(contentsOf: app.folder.appending(path: "forge.yaml"), encoding: .utf8)
            try app.write("forge.yaml", manifest.replacing("GREETING: one", with: "GREETING: bad"))
            let bad = try await app.deploy()
            #expect(bad.status == 1 && bad.stderr.contains("the release command: exited with 1"), bad.all)
            #expect(bad.stderr.contains("v1 keeps serving"), bad.all)
            // The configuration is part of the release: the old one serves with the old one.
            #expect(try await app.page().stdout.contains("one from"))
            #expect(try await app.destroy().status == 0)
        }

        @Test func `destroying asks for the name, and leaves a clear page`() async throws {
            let app = try SampleApp.web()
            #expect(try await app.deploy().status == 0)
            let unconfirmed = try await ForgeCLI.run("destroy", app.name)
            #expect(unconfirmed.status == 5 && unconfirmed.stderr.contains("--confirm"), unconfirmed.all)
            #expect(try await app.page().stdout.contains("200 OK"))
            #expect(try await app.destroy().status == 0)
            let gone = try await app.page()
            #expect(gone.stdout.contains("404") && gone.stdout.contains("\(app.name).localhost"), gone.all)
            #expect(try await ForgeCLI.run("status", app.name).status != 0)
        }
    }
}

extension Array {
    /// Maps one after the other.
    func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
