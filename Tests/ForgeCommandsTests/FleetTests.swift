// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import ForgeCommands
import ForgeModel
import ForgePlan
import ForgeServer
import ForgeServerTesting
import ForgeTesting
import Testing

/// `forge reconcile` and `forge drift` against the real API server.
@Suite struct FleetTests {
    private func with(
        apps: [String] = ["blog", "cart", "news", "shop"],
        _ body: @escaping @Sendable (TestPlatform, CommandLineFixture) async throws -> Void
    ) async throws {
        let platform = await TestPlatform()
        for app in apps { try await platform.commit(Sample.name(app)) }
        try await platform.serve { port in
            let forge = try CommandLineFixture(port: port, token: platform.token.secret)
            defer { forge.remove() }
            try await body(platform, forge)
        }
    }

    private static let scaled = Sample.drift("Deployment/shop-web", "instances", from: "3", to: "5", by: "kubectl-edit")
    private static let gone = Sample.drift("Deployment/blog-web", "instances", from: "2", to: nil)
    private static let unseen = Unknown(subject: "cluster", reason: "no right to read CronJobs (403)")

    @Test func `the fleet's plan says how many apps differ, and why`() async throws {
        try await with { platform, forge in
            platform.plans.change { world in
                world.standing = [
                    Sample.name("blog"): [.init(steps: [Sample.repair(.web)], drift: [Self.gone])],
                    Sample.name("cart"): [.init(drift: [Self.scaled])],
                    Sample.name("news"): [.init(steps: [Sample.repair(.web)], isUnderWay: true)],
                ]
            }
            let outcome = await forge.run("reconcile", "--dry-run")
            #expect(outcome.status == 0 && outcome.error.isEmpty)
            #expect(
                outcome.output == """
                    2 of 4 apps differ     as described: 1     deploying: 1     unknown: 0
                      blog   ~1   Deployment/blog-web is gone
                      cart        instances set by kubectl-edit (kept: drift is only reported)
                      news   ~1   a deploy is on its way

                    """
            )
            #expect(await forge.run("reconcile", "--dry-run", "--once", "--detailed-exitcode").status == 2)
            // It only told: nothing was woken.
            for _ in 0..<4 { await platform.rest() }
            _ = await forge.run("reconcile", "--dry-run")
            #expect(await platform.rest() == nil)
        }
    }

    @Test func `what cannot be seen is never a good end`() async throws {
        try await with { platform, forge in
            platform.plans.change { $0.standing = [Sample.name("cart"): [.init(unknown: [Self.unseen])]] }
            for command in [["reconcile", "--dry-run"], ["reconcile", "--dry-run", "--app", "cart"], ["drift"]] {
                let outcome = await forge.run(command)
                #expect(outcome.status == 69, "\(command)")
                #expect(outcome.output.contains("cluster unknown: no right to read CronJobs (403)"), "\(command)")
            }
            #expect(await forge.run("drift", "cart", "--detailed-exitcode").status == 69)
            #expect(await forge.run("drift", "shop").status == 0)
            platform.plans.change {
                $0.standing[Sample.name("shop")] = [.init(steps: [Sample.repair(.web)], drift: [Self.scaled])]
            }
            #expect(await forge.run("reconcile", "--dry-run", "--detailed-exitcode").status == 2)
            #expect(await forge.run("reconcile", "--dry-run").status == 69)
        }
    }

    @Test func `one app is told with its whole plan`() async throws {
        try await with { platform, forge in
            platform.plans.change {
                $0.standing = [Sample.name("shop"): [.init(steps: [Sample.repair(.web)], drift: [Self.scaled])]]
            }
            let outcome = await forge.run("reconcile", "--dry-run", "-a", "shop")
            #expect(outcome.status == 0)
            #expect(outcome.output.contains("1  ~ deploy    web"))
            #expect(outcome.output.contains("kubectl-edit, 2023-11-14T22:13Z   step 1 sets it back"))
            #expect(await forge.run("reconcile", "--dry-run", "-a", "nosuch").status == 1)
        }
    }

    @Test func `JSON has a line for each app, the counts and the result`() async throws {
        try await with(apps: ["blog", "shop"]) { platform, forge in
            platform.plans.change {
                $0.standing = [Sample.name("shop"): [.init(steps: [Sample.repair(.web)], drift: [Self.scaled])]]
            }
            let outcome = await forge.run("reconcile", "--dry-run", "--json", "--detailed-exitcode")
            #expect(outcome.status == 2 && outcome.error.isEmpty)
            #expect(outcome.lines.count == 4)
            #expect(outcome.lines[1].hasPrefix(#"{"app":{"app":"shop","changes":{"create":0,"delete":0,"run":0,"#))
            #expect(outcome.lines[1].contains(#""by":"kubectl-edit""#))
            #expect(
                outcome.lines[2]
                    == #"{"apps":2,"asDescribed":1,"deploying":0,"differ":1,"drifted":1,"type":"summary","unknown":0}"#
            )
            #expect(outcome.lines[3] == #"{"exitCode":2,"outcome":"succeeded","type":"result"}"#)
            let drift = await forge.run("drift", "--json")
            #expect(drift.lines.count == 3 && drift.lines[0].contains(#""app":"shop""#))
        }
    }

    @Test func `drift names each field, who changed it and when`() async throws {
        try await with { platform, forge in
            platform.plans.change { world in
                world.standing = [
                    Sample.name("blog"): [.init(steps: [Sample.repair(.web)], drift: [Self.scaled, Self.gone])],
                    Sample.name("news"): [.init(steps: [Sample.repair(.web)], isUnderWay: true)],
                ]
            }
            let outcome = await forge.run("drift")
            #expect(outcome.status == 0)
            #expect(
                outcome.output == """
                    blog: changed outside forge
                      Deployment/shop-web   instances   3 → 5         kubectl-edit, 2023-11-14T22:13Z   will be set back
                      Deployment/blog-web   instances   2 → nothing                                     will be set back

                    1 of 4 apps has drift     unknown: 0

                    """
            )
            #expect(await forge.run("drift", "--detailed-exitcode").status == 2)
            #expect(await forge.run("drift", "shop", "--detailed-exitcode").output == "shop: no drift\n")
            #expect(await forge.run("drift", "news").output.hasPrefix("news: a deploy is on its way"))
            #expect(await forge.run("drift", "nosuch").status == 1)
        }
    }

    @Test func `reconcile wakes the loop, and waits until nothing is left to do`() async throws {
        try await with(apps: ["blog", "shop"]) { platform, forge in
            for _ in 0..<2 { await platform.rest() }
            platform.plans.change { world in
                world.standing = [
                    Sample.name("shop"): [
                        .init(steps: [Sample.repair(.web)], drift: [Self.scaled]), .init(),
                    ],
                    Sample.name("blog"): [.init(drift: [Self.gone])],
                ]
            }
            let outcome = await forge.run("reconcile")
            #expect(outcome.status == 0)
            #expect(outcome.error == "shop has nothing left to do\n")
            #expect(outcome.output.hasPrefix("1 of 2 apps differs     as described: 1     unknown: 0\n"))
            #expect(await platform.rest() != nil)
            #expect(await platform.rest() != nil)
        }
    }

    @Test func `reconcile ends when time is over, and says that it goes on`() async throws {
        try await with(apps: ["shop"]) { platform, forge in
            platform.plans.change { $0.standing = [Sample.name("shop"): [.init(steps: [Sample.repair(.web)])]] }
            let outcome = await forge.run("reconcile", "-a", "shop", "--timeout", "1", "--json")
            #expect(outcome.status == 4)
            #expect(outcome.lines.last == #"{"exitCode":4,"outcome":"timed-out","type":"result"}"#)
            let once = await forge.run("reconcile", "-a", "shop", "--once")
            #expect(once.status == 0 && once.output == "the platform looks at 1 app now\n")
            #expect(await forge.run("reconcile", "--detailed-exitcode").status == 64)
        }
    }
}
