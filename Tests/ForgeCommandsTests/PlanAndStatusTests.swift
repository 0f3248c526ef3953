// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import ForgeModel
import ForgePlan
import ForgeServer
import ForgeServerTesting
import ForgeTesting
import Testing

/// Commands that only read, against the real API server.
@Suite struct PlanAndStatusTests {
    private func with(
        _ body: @escaping @Sendable (TestPlatform, CommandLineFixture) async throws -> Void
    ) async throws {
        let platform = await TestPlatform()
        try await platform.serve { port in
            let forge = try CommandLineFixture(port: port, token: platform.token.secret)
            defer { forge.remove() }
            try await body(platform, forge)
        }
    }

    @Test func `plan prints its result on stdout and writes nothing`() async throws {
        try await with { platform, forge in
            let outcome = await forge.run("plan", forge.app)
            #expect(outcome.status == 0 && outcome.error.isEmpty)
            #expect(outcome.output.hasPrefix("shop on test, nothing live, this would be v1\n"))
            #expect(outcome.output.contains("Plan: 1 build"))
            #expect(await forge.run("plan", forge.app, "--detailed-exitcode").status == 2)
            #expect(await platform.store.apps().isEmpty)
            let json = await forge.run("plan", forge.app, "--json")
            #expect(json.lines.count == 1 && json.output.contains(#""formatVersion":"1.0""#))
            platform.plans.change { $0.isSettled = true }
            #expect(await forge.run("plan", forge.app, "--detailed-exitcode").status == 0)
        }
    }

    @Test func `refusals and what cannot be seen have their exit codes`() async throws {
        try await with { platform, forge in
            platform.plans.change { $0.refusals = ["shop.localhost belongs to blog"] }
            let refused = await forge.run("plan", forge.app)
            #expect(refused.status == 65 && refused.output.contains("shop.localhost belongs to blog"))
            platform.plans.change { world in
                world.refusals = []
                world.isSettled = true
                world.unknown = [Unknown(subject: "cluster", reason: "podman does not answer")]
            }
            #expect(await forge.run("plan", forge.app).status == 69)
        }
    }

    @Test func `a wrong token is a matter of permission`() async throws {
        try await with { _, forge in
            var forge = forge
            forge.environment["FORGE_TOKEN"] = "wrong"
            let outcome = await forge.run("apps")
            #expect(outcome.status == 77)
            #expect(outcome.error.contains("the token is not known"))
        }
    }

    @Test func `status and apps show what is`() async throws {
        try await with { platform, forge in
            #expect(await forge.run("apps").output == "no apps; forge deploy makes one\n")
            let missing = await forge.run("status", "shop")
            #expect(missing.status == 1)
            #expect(missing.error == "error: there is no app 'shop'; forge apps lists those that are\n")
            platform.status.set(
                AppStatusDocument(
                    app: try AppName("shop"),
                    state: .degraded,
                    release: ReleaseNumber(number: 4),
                    since: CommandLineFixture.moment,
                    by: "ana",
                    url: "http://shop.localhost:8080/"
                )
            )
            let status = await forge.run("status", "shop")
            #expect(status.status == 0)
            #expect(status.output == "shop v4  degraded  since 22:13 by ana   http://shop.localhost:8080/\n")
            #expect(await forge.run("status", "-a", "shop", "--exit-code").status == 3)
            #expect(await forge.run("status", "shop", "--json").output.hasPrefix(#"{"app":"shop","by":"ana","#))
            #expect(await forge.run("apps").output == "shop  v4  degraded  since 22:13  http://shop.localhost:8080/\n")
        }
    }
}
