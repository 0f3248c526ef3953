// SPDX-License-Identifier: Apache-2.0

import ForgeTesting
import Foundation
import Testing

extension EndToEndTests {
    /// What a user sees when something is wrong; each time, what served before still serves.
    @Suite(.serialized) struct FaultTests {
        private func live() async throws -> SampleApp {
            let app = try SampleApp.web()
            let deploy = try await app.deploy()
            try #require(deploy.status == 0, deploy.all)
            return app
        }

        private func stillServes(_ app: SampleApp, _ text: String = "hello from") async throws {
            let page = try await app.page()
            #expect(page.stdout.contains(text), page.all)
        }

        @Test func `a broken manifest and Procfile are told in one run, and nothing happens`() async throws {
            let app = try SampleApp([
                "forge.yaml": "version: 1\nname: NAME\nprocesses:\n  web:\n    instance: 3\n",
                "Procfile": "web: python3 server.py\nweb worker\n",
            ])
            let deploy = try await app.deploy()
            #expect(deploy.status == 65, deploy.all)
            #expect(deploy.stderr.contains("forge.yaml:5:5: error: unknown key 'instance'"), deploy.all)
            #expect(deploy.stderr.contains("did you mean 'instances'"), deploy.all)
            #expect(deploy.stderr.contains("Procfile:2"), deploy.all)
            #expect(deploy.stderr.contains("Nothing was changed"), deploy.all)
            #expect(try await ForgeCLI.run("validate", app.folder.path).status == 65)
        }

        @Test func `a build that fails shows its log`() async throws {
            let app = try await live()
            try app.write("requirements.txt", "forge-test-no-such-package==1.0\n")
            let deploy = try await app.deploy()
            #expect(deploy.status == 1, deploy.all)
            #expect(deploy.stderr.contains("forge-test-no-such-package"), deploy.all)
            #expect(deploy.stderr.contains("v1 keeps serving"), deploy.all)
            try await stillServes(app)
            #expect(try await app.destroy().status == 0)
        }

        @Test func `an app that never listens is told with its last lines`() async throws {
            let app = try await live()
            let manifest = try String(contentsOf: app.folder.appending(path: "forge.yaml"), encoding: .utf8)
            try app.write(
                "forge.yaml",
                manifest
                    + "processes: { web: { command: 'echo I forgot to listen; sleep 600', healthcheck: { path: /, grace: 5s } } }\n"
            )
            let deploy = try await app.deploy()
            #expect(deploy.status == 1, deploy.all)
            #expect(deploy.stderr.contains("8080") && deploy.stderr.contains("I forgot to listen"), deploy.all)
            try await stillServes(app)
            let status = try await ForgeCLI.run("status", app.name)
            #expect(status.stdout.contains("v1"), status.all)
            // A fix replaces it.
            try app.write("forge.yaml", manifest + "env: { GREETING: fixed }\n")
            #expect(try await app.deploy().status == 0)
            try await stillServes(app, "fixed from")
            #expect(try await app.destroy().status == 0)
        }

        @Test func `an app that crashes is told with its exit code and its last lines`() async throws {
            let app = try await live()
            try app.write("server.py", "import missing_module_of_the_test\n")
            let deploy = try await app.deploy()
            #expect(deploy.status == 1, deploy.all)
            #expect(deploy.stderr.contains("missing_module_of_the_test"), deploy.all)
            try await stillServes(app)
            #expect(try await app.destroy().status == 0)
        }

        @Test(arguments: Daemon.buildParts)
        func `a part is killed during a step, and the deploy ends as if nothing had happened`(
            part: String,
            step: String
        ) async throws {
            let app = try await live()
            try app.write("more.txt", UUID().uuidString)
            // Slow enough to be met: the app listens only after a while.
            try app.write("server.py", "import time; time.sleep(4)\n" + SampleApp.server)
            let deploy = try ForgeCLI.start(["deploy", app.folder.path, "--json"])
            try await deploy.print(contains: "\"step\":\"\(step)\"")
            let killed = try Daemon.kill(part)
            #expect(killed > 0)
            let end = try await deploy.end()
            #expect(end.status == 0, end.all)
            try await stillServes(app)
            let again = try await app.plan("--detailed-exitcode")
            #expect(again.status == 0, again.all)
            #expect(try await app.destroy().status == 0)
        }

        @Test func `redis is killed, and nothing is lost`() async throws {
            let app = try await live()
            let before = try await ForgeCLI.run("apps", "--json")
            #expect(try Daemon.kill("redis-server") > 0)
            try await eventually("the API tells the same again") {
                try await ForgeCLI.run("apps", "--json").stdout == before.stdout
            }
            let plan = try await app.plan("--detailed-exitcode")
            #expect(plan.status == 0, plan.all)
            try await stillServes(app)
            #expect(try await app.destroy().status == 0)
        }

        @Test func `nginx is killed, and comes back with every host`() async throws {
            let app = try await live()
            #expect(try Daemon.kill("nginx: master") > 0)
            try await eventually("the page is back") { try await app.page().stdout.contains("hello from") }
            #expect(try await app.destroy().status == 0)
        }

        @Test func `Ctrl-C leaves the deploy running, and says so`() async throws {
            let app = try await live()
            try app.write(
                "server.py",
                "import time; time.sleep(3)\n" + SampleApp.server.replacing("from {", with: "anew from {")
            )
            let deploy = try ForgeCLI.start(["deploy", app.folder.path])
            try await deploy.print(contains: "deploy web")
            deploy.send(SIGINT)
            let end = try await deploy.end()
            #expect(end.status == 130, end.all)
            #expect(end.stderr.contains("continues") && end.stderr.contains("forge status"), end.all)
            try await eventually("the deploy ends by itself", within: 120) {
                try await app.page().stdout.contains("anew from")
            }
            try await eventually("it is settled") { try await app.plan("--detailed-exitcode").status == 0 }
            #expect(try await app.destroy().status == 0)
        }

        @Test func `a wrong token, and a platform that does not run`() async throws {
            let wrong = try await ForgeCLI.run("apps", with: ["FORGE_TOKEN": "wrong"])
            #expect(wrong.status == 77 && !wrong.stderr.contains("wrong\""), wrong.all)
            let absent = try await ForgeCLI.run("apps", with: ["FORGE_API_URL": "http://127.0.0.1:1"])
            #expect(absent.status == 69, absent.all)
            #expect(absent.stderr.contains("forge up"), absent.all)
        }

        @Test func `code of the app finds no credentials and no registry while it is built`() async throws {
            let app = try SampleApp.web("build: { env: { FROM_BUILD_ENV: seen } }\n")
            try app.write("requirements.txt", "./spy\n")
            try app.write("spy/setup.py", SampleApp.spy)
            let deploy = try await app.deploy("--verbose")
            #expect(deploy.status == 1, deploy.all)
            #expect(deploy.stderr.contains("SPY-FOUND: []"), deploy.all)
            #expect(deploy.stderr.contains("BUILD-ENV: seen"), deploy.all)
        }
    }
}

extension SampleApp {
    /// An install script that looks for everything it must not have, tells what it found, and fails.
    static let spy = """
        import glob, os, socket, sys

        found = [name for name in os.environ if "AUTH" in name or "PASSWORD" in name or "TOKEN" in name]
        for path in glob.glob("/proc/[0-9]*/environ"):
            try:
                if b"CNB_REGISTRY_AUTH" in open(path, "rb").read():
                    found.append(path)
            except OSError:
                pass
        for path in ["/run/secrets", "/root/.docker/config.json", os.path.expanduser("~/.docker/config.json"), "/run/podman"]:
            if os.path.exists(path) and (not os.path.isdir(path) or os.listdir(path)):
                found.append(path)
        gateway = None
        for line in open("/proc/net/route").readlines()[1:]:
            fields = line.split()
            if fields[1] == "00000000":
                gateway = socket.inet_ntoa(bytes.fromhex(fields[2])[::-1])
        for host in ["127.0.0.1", gateway]:
            for port in PORTS:
                try:
                    socket.create_connection((host, port), timeout=2).close()
                    found.append(f"{host}:{port}")
                except (OSError, TypeError):
                    pass
        print("BUILD-ENV:", os.environ.get("FROM_BUILD_ENV"), file=sys.stderr, flush=True)
        print("SPY-FOUND:", found, file=sys.stderr, flush=True)
        sys.exit(1)
        """.replacing("PORTS", with: Daemon.ports)
}
