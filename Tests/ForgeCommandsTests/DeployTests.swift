// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import ForgeCommands
import ForgeModel
import ForgePlan
import ForgeServer
import ForgeServerTesting
import ForgeTesting
import Testing

/// `forge deploy` and `forge destroy` against the real API server, with a reconciler that a test plays.
@Suite struct DeployTests {
    private static let first = Generation(number: 1)

    private func with(
        _ body: @escaping @Sendable (TestPlatform, CommandLineFixture, AppName) async throws -> Void
    ) async throws {
        let platform = await TestPlatform()
        try await platform.serve { port in
            let forge = try CommandLineFixture(port: port, token: platform.token.secret)
            defer { forge.remove() }
            try await body(platform, forge, try AppName("shop"))
        }
    }

    private static func event(
        _ kind: DeployEvent.Kind,
        _ step: String? = nil,
        _ detail: String? = nil,
        took milliseconds: Int? = nil,
        failure: DeployFailure? = nil,
        outcome: DeployOutcome? = nil
    ) -> DeployEvent {
        DeployEvent(
            kind,
            generation: first,
            at: CommandLineFixture.moment,
            step: step,
            detail: detail,
            milliseconds: milliseconds,
            failure: failure,
            outcome: outcome
        )
    }

    private static let success = [
        event(.started, "build"), event(.output, "build", "collecting flask"),
        event(.done, "build", "python 3.11", took: 39_000),
        event(.started, "deploy/web"), event(.progress, "deploy/web", "0 of 1 ready"),
        event(.done, "deploy/web", "1 of 1 ready", took: 2_000),
        event(.started, "route/shop.localhost"), event(.done, "route/shop.localhost", took: 10),
        event(.result, outcome: .succeeded),
    ]

    @Test func `a deploy shows its plan, uploads, and tells each transition`() async throws {
        try await with { platform, forge, app in
            platform.status.set(
                AppStatusDocument(
                    app: app,
                    state: .live,
                    release: ReleaseNumber(number: 1),
                    url: "http://shop.localhost:8080/"
                )
            )
            async let played: Void = platform.play(app, Self.first, Self.success)
            let outcome = await forge.run("deploy", forge.app)
            try await played
            #expect(outcome.status == 0)
            #expect(outcome.output == "shop v1 is live at http://shop.localhost:8080/\n")
            let progress = outcome.error.split(separator: "\n").suffix(7).map(String.init)
            #expect(
                progress == [
                    "  ▸ build                    <1 s",
                    "  ✓ build                    39 s   python 3.11",
                    "  ▸ deploy web               <1 s",
                    "  ▸ deploy web               <1 s   0 of 1 ready",
                    "  ✓ deploy web                2 s   1 of 1 ready",
                    "  ▸ route shop.localhost     <1 s",
                    "  ✓ route shop.localhost     <1 s",
                ]
            )
            #expect(outcome.error.contains("uploading 1 file, "))
            #expect(await platform.store.desired(app)?.requestedBy == "ana")
        }
    }

    @Test func `JSON is lines that end with a result`() async throws {
        try await with { platform, forge, app in
            async let played: Void = platform.play(app, Self.first, Self.success)
            let outcome = await forge.run("deploy", forge.app, "--json")
            try await played
            #expect(outcome.status == 0 && outcome.error.isEmpty)
            #expect(outcome.lines.count == 11)
            #expect(outcome.lines.first?.contains(#""type":"plan""#) == true)
            #expect(outcome.lines.dropFirst().first?.contains(#""kind":"started""#) == true)
            #expect(
                outcome.lines.last
                    == #"{"app":"shop","exitCode":0,"generation":1,"outcome":"succeeded","type":"result"}"#
            )
        }
    }

    @Test(arguments: [(DeployOutcome.failed, Int32(1)), (.degraded, 3), (.superseded, 75)])
    func `the exit code is the outcome's`(outcome: DeployOutcome, status: Int32) async throws {
        try await with { platform, forge, app in
            async let played: Void = platform.play(app, Self.first, [Self.event(.result, outcome: outcome)])
            #expect(await forge.run("deploy", forge.app).status == status)
            try await played
        }
    }

    @Test func `a failure comes with its reason, its output and what serves`() async throws {
        try await with { platform, forge, app in
            let failure = DeployFailure(
                generation: Self.first,
                step: "deploy/web",
                message: "shop.web exited with 1 four times",
                output: ["ModuleNotFoundError: No module named 'psycopg'"],
                at: CommandLineFixture.moment
            )
            let events = [
                Self.event(.started, "deploy/web"),
                Self.event(.failed, "deploy/web", took: 31_000, failure: failure),
                Self.event(.result, failure: failure, outcome: .failed),
            ]
            async let played: Void = platform.play(app, Self.first, events)
            let outcome = await forge.run("deploy", forge.app)
            try await played
            #expect(outcome.status == 1 && outcome.output.isEmpty)
            let end = """
                  ✗ deploy web               31 s   shop.web exited with 1 four times
                      ModuleNotFoundError: No module named 'psycopg'
                nothing of shop serves. forge status shop and forge logs shop say more.

                """
            #expect(outcome.error.hasSuffix(end))
        }
    }

    @Test func `nothing to do is done`() async throws {
        try await with { platform, forge, app in
            async let played: Void = platform.play(app, Self.first, Self.success)
            #expect(await forge.run("deploy", forge.app).status == 0)
            try await played
            platform.plans.change { $0.isSettled = true }
            let again = await forge.run("deploy", forge.app)
            #expect(again.status == 0 && again.output.isEmpty)
            #expect(again.error.contains("No changes"))
            let json = await forge.run("deploy", forge.app, "--json")
            #expect(json.lines.last == #"{"app":"shop","exitCode":0,"outcome":"unchanged","type":"result"}"#)
            #expect(await platform.store.desired(app)?.generation == Self.first)
        }
    }

    @Test func `what is lost needs someone's word`() async throws {
        try await with { platform, forge, app in
            platform.plans.change { $0.isDestructive = true }
            let refused = await forge.run("deploy", forge.app)
            #expect(refused.status == 5)
            #expect(refused.error.hasSuffix("error: step 2 deletes what cannot be made again; --yes agrees to that\n"))
            var person = forge
            person.isTerminal = true
            person.answer = "n"
            let declined = await person.run("deploy", forge.app)
            #expect(declined.status == 5 && declined.error.contains("Go on? [y/N] "))
            #expect(await platform.store.apps().isEmpty)
            let agreed = await forge.run("deploy", forge.app, "--yes", "--detach")
            #expect(agreed.status == 0)
            #expect(agreed.output == "shop: generation 1 is accepted; forge status shop follows it\n")
        }
    }

    @Test func `a plan that changes before the commit is shown and not committed`() async throws {
        try await with { platform, forge, _ in
            platform.plans.change { $0.isRestless = true }
            let outcome = await forge.run("deploy", forge.app)
            #expect(outcome.status == 75)
            #expect(outcome.error.contains("shop has changed since the plan was made"))
            #expect(await platform.store.apps().isEmpty)
        }
    }

    @Test func `destroy needs the name`() async throws {
        try await with { platform, forge, app in
            #expect(await forge.run("destroy", "shop").status == 1)
            #expect(await forge.run("deploy", forge.app, "--detach").status == 0)
            let unnamed = await forge.run("destroy", "shop")
            #expect(unnamed.status == 5)
            #expect(unnamed.error.contains("--confirm shop agrees to that"))
            #expect(await forge.run("destroy", "shop", "--confirm", "blog").status == 5)
            #expect(await platform.store.desired(app)?.wish != .destroy)
            let gone = DeployEvent(
                .result,
                generation: Generation(number: 2),
                at: CommandLineFixture.moment,
                outcome: .succeeded
            )
            async let played: Void = platform.play(app, Generation(number: 2), [gone])
            let outcome = await forge.run("destroy", "shop", "--confirm", "shop")
            try await played
            #expect(outcome.status == 0 && outcome.output == "shop is gone\n")
        }
    }

    @Test func `a deploy survives a restart of the platform`() async throws {
        let platform = await TestPlatform()
        let app = try AppName("shop")
        // An address of its own: between the two servers, no other test can take the port.
        let address = "127.77.0.1"
        var settings = APISettings(address: address, port: 0, hosts: [address])
        settings.port = try await platform.serve(settings) { $0 }
        var fixture = try CommandLineFixture(token: platform.token.secret)
        fixture.environment["FORGE_API_URL"] = "http://\(address):\(settings.port)"
        let forge = fixture
        defer { forge.remove() }
        let running = try await platform.serve(settings) { _ in
            let running = Task { await forge.run("deploy", forge.app) }
            try await platform.play(app, Self.first, Array(Self.success.prefix(3)))
            try await eventually("the build is shown", every: .milliseconds(5)) {
                forge.shown(.error).contains("✓ build")
            }
            return running
        }
        try await platform.store.append(Array(Self.success.dropFirst(3)), of: app)
        let outcome = try await platform.serve(settings) { _ in await running.value }
        #expect(outcome.status == 0)
        #expect(outcome.output == "shop v1 is live\n")
        #expect(outcome.error.contains("✓ build"))
        #expect(outcome.error.contains("the platform is back"))
    }
}
