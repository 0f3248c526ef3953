// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import ForgeClient
import ForgeEngine
import ForgeHTTP
import ForgeModel
import ForgePlan
import ForgeServer
import ForgeServerTesting
import ForgeTesting
import FoundationEssentials
import Testing

/// The fleet's plan and waking the loop, over the wire.
@Suite struct FleetRoutesTests {
    private func with(
        apps: [String],
        _ body: @escaping @Sendable (TestPlatform, Caller) async throws -> Void
    ) async throws {
        let platform = await TestPlatform()
        for app in apps { try await platform.commit(Sample.name(app)) }
        try await platform.serve { port in try await body(platform, Caller(port, token: platform.token.secret)) }
    }

    private func lines(_ answer: Caller.Answer) throws -> [StreamedAppPlan] {
        try answer.body.split(separator: UInt8(ascii: "\n")).map {
            try WireFormat.decode(StreamedAppPlan.self, from: Data($0))
        }
    }

    @Test func `the fleet's plan has a line for each app, and an end`() async throws {
        try await with(apps: ["blog", "cart", "news", "shop"]) { platform, caller in
            let gone = Sample.drift("Deployment/blog-web", "instances", from: "2", to: nil)
            platform.plans.change { world in
                world.standing = [
                    Sample.name("blog"): [.init(steps: [Sample.repair(.web)], drift: [gone])],
                    Sample.name("cart"): [.init(unknown: [Unknown(subject: "cluster", reason: "no rights")])],
                    Sample.name("news"): [.init(steps: [Sample.repair(.web)], isUnderWay: true)],
                ]
            }
            let answer = try await caller.send("GET", "/v1/plans")
            #expect(answer.status == 200 && answer.headers["Content-Type"] == WireFormat.lines)
            let lines = try lines(answer)
            let apps = lines.compactMap { line in if case .app(let app) = line { app } else { nil } }
            #expect(apps.map(\.app.text) == ["blog", "cart", "news", "shop"])
            #expect(apps.map(\.state) == [.differs, .unknown, .deploying, .asDescribed])
            #expect(apps[0].drift == [gone] && apps[0].changes.update == 1 && apps[0].plan == nil)
            #expect(lines.last == .end(apps: 4))
        }
    }

    @Test func `an app that cannot be planned is unknown, and the others are told`() async throws {
        try await with(apps: ["blog", "shop"]) { platform, caller in
            platform.plans.change {
                $0.standing = [Sample.name("blog"): [.init(fault: .corrupt("the record of blog cannot be read"))]]
            }
            let lines = try lines(try await caller.send("GET", "/v1/plans"))
            guard case .app(let blog)? = lines.first else {
                Issue.record("the first line is no app")
                return
            }
            #expect(blog.state == .unknown)
            #expect(blog.unknown == [Unknown(subject: "plan", reason: "the record of blog cannot be read")])
            #expect(lines.count == 3)
        }
    }

    @Test func `a line names a bounded number of drifted fields, and how many there are`() async throws {
        try await with(apps: ["shop"]) { platform, caller in
            let drift = (0..<50).map { Sample.drift("Deployment/shop-web", "env.A\($0)", from: "1", to: "2") }
            platform.plans.change { $0.standing = [Sample.name("shop"): [.init(drift: drift)]] }
            guard case .app(let line)? = try lines(try await caller.send("GET", "/v1/plans")).first else { return }
            #expect(line.drift.count == AppPlanDocument.mostDrift && line.drifted == 50)
            let whole = try await caller.send("GET", "/v1/apps/shop/plan").document(AppPlanDocument.self)
            #expect(whole.drift.count == 50 && whole.plan?.drift.count == 50)
        }
    }

    @Test func `waking makes apps due, and nothing else`() async throws {
        try await with(apps: ["blog", "shop"]) { platform, caller in
            // The commits made them due; take them off, as a loop that has looked at them.
            for _ in 0..<2 { await platform.rest() }
            let one = try await caller.send("POST", "/v1/apps/shop/reconcile")
            #expect(one.status == 202)
            #expect(try one.document(ReconcileAccepted.self).apps == 1)
            #expect(await platform.rest() == Sample.name("shop"))
            #expect(try await caller.send("POST", "/v1/reconcile").document(ReconcileAccepted.self).apps == 2)
            #expect(await platform.rest() != nil)
            #expect(await platform.rest() != nil)
            #expect(await platform.store.desired(Sample.name("shop"))?.generation == Generation(number: 1))
        }
    }

    @Test func `an app that is not there, and a caller without a token, are refused`() async throws {
        try await with(apps: []) { _, caller in
            let missing = try await caller.send("GET", "/v1/apps/shop/plan")
            #expect(missing.status == 404)
            #expect(try await caller.send("POST", "/v1/apps/shop/reconcile").status == 404)
            let stranger = Caller(caller.port, token: nil)
            for (method, path) in [("GET", "/v1/plans"), ("POST", "/v1/reconcile"), ("GET", "/v1/apps/shop/plan")] {
                #expect(try await stranger.send(method, path).status == 401)
            }
        }
    }

    @Test func `a stream that ends early is an error, not a small fleet`() async throws {
        let platform = await TestPlatform()
        for app in ["blog", "shop"] { try await platform.commit(Sample.name(app)) }
        platform.plans.change { $0.isStuck = true }
        let token = platform.token.secret
        let running = try await platform.serve { port in
            let client = ForgeClient(endpoint: "http://127.0.0.1:\(port)", token: token, transport: HTTPTransport())
            let running = Task { try await client.standingPlans { _ in } }
            try await eventually("the fleet is being planned", every: .milliseconds(5)) { platform.plans.looks > 0 }
            return running
        }
        let error = await #expect(throws: ClientError.self) { try await running.value }
        #expect(error?.code == "interrupted")
    }
}
