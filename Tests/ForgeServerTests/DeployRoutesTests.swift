// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import ForgeHTTP
import ForgeModel
import ForgePlan
import ForgeServer
import ForgeServerTesting
import ForgeTesting
import Testing

@Suite struct DeployRoutesTests {
    let app: AppName
    let source: [UInt8] = Array("the source".utf8)
    var digest: Digest { Sample.digest(of: source) }
    var manifest: AppManifest { Sample.manifest(app) }

    init() throws { app = try AppName("shop") }

    private func plan(_ caller: Caller) async throws -> PlanResponse {
        let answer = try await caller.send(
            "POST",
            "/v1/apps/shop/plans",
            PlanRequest(manifest: manifest, source: digest)
        )
        #expect(answer.status == 200)
        return try answer.document(PlanResponse.self)
    }

    private func request(_ plan: PlanResponse) -> DeployRequest {
        DeployRequest(manifest: manifest, source: digest, fingerprint: plan.plan.fingerprint, expected: plan.expected)
    }

    @Test func `a plan writes nothing, an upload stores, a commit makes a generation`() async throws {
        let platform = await TestPlatform()
        try await platform.serve { port in
            let caller = Caller(port, token: platform.token.secret)
            let first = try await plan(caller)
            #expect(first.needsSource && first.changesWish && first.expected == nil)
            #expect(await platform.store.apps().isEmpty)

            let early = try await caller.send("POST", "/v1/apps/shop/deploys", request(first))
            #expect(early.status == 409)
            #expect(try early.problem().knownCode == .sourceMissing)

            let upload = try await caller.send("PUT", "/v1/apps/shop/sources/\(digest)", body: .bytes(source))
            #expect(upload.status == 201)
            #expect(platform.images.source(digest) == source)

            let accepted = try await caller.send("POST", "/v1/apps/shop/deploys", request(first))
            #expect(accepted.status == 202)
            let document = try accepted.document(DeployAccepted.self)
            #expect(document.generation == Generation(number: 1))
            #expect(document.events == "/v1/apps/shop/events?generation=1")
            let desired = try #require(await platform.store.desired(app))
            #expect(desired.requestedBy == "ana" && desired.requestedAt == TestPlatform.moment)
            #expect(desired.wish == .run(manifest, source: digest))

            let again = try await plan(caller)
            #expect(!again.needsSource && !again.changesWish && again.expected == Generation(number: 1))
        }
    }

    @Test func `a plan that is another one by now is refused, and the new one is shown`() async throws {
        let platform = await TestPlatform()
        try await platform.serve { port in
            let caller = Caller(port, token: platform.token.secret)
            let old = try await plan(caller)
            platform.plans.change { $0.isSettled = true }
            let answer = try await caller.send("POST", "/v1/apps/shop/deploys", request(old))
            #expect(answer.status == 409)
            #expect(try answer.problem().knownCode == .stalePlan)
            #expect(try answer.problem().plan?.steps.isEmpty == true)
            #expect(await platform.store.apps().isEmpty)
        }
    }

    @Test func `a plan made on another generation is refused`() async throws {
        let platform = await TestPlatform()
        platform.plans.change { $0.isSettled = true }
        try await platform.serve { port in
            let caller = Caller(port, token: platform.token.secret)
            let plan = try await plan(caller)
            let request = DeployRequest(
                manifest: manifest,
                source: digest,
                fingerprint: plan.plan.fingerprint,
                expected: Generation(number: 7)
            )
            let answer = try await caller.send("POST", "/v1/apps/shop/deploys", request)
            #expect(try answer.problem().knownCode == .stalePlan)
        }
    }

    @Test func `refusals and what cannot be seen stop a commit`() async throws {
        let platform = await TestPlatform()
        try await platform.serve { port in
            let caller = Caller(port, token: platform.token.secret)
            platform.plans.change { $0.refusals = ["shop.localhost belongs to blog"] }
            let refused = try await caller.send("POST", "/v1/apps/shop/deploys", request(plan(caller)))
            #expect(refused.status == 422)
            #expect(try refused.problem().knownCode == .refused)
            #expect(try refused.problem().detail == "shop.localhost belongs to blog")
            platform.plans.change { world in
                world.refusals = []
                world.unknown = [Unknown(subject: "cluster", reason: "podman does not answer")]
            }
            let unseen = try await caller.send("POST", "/v1/apps/shop/deploys", request(plan(caller)))
            #expect(unseen.status == 503)
            #expect(try unseen.problem().knownCode == .unknown)
        }
    }

    @Test func `a removal is planned, then committed by its fingerprint`() async throws {
        let platform = await TestPlatform()
        try await platform.serve { port in
            let caller = Caller(port, token: platform.token.secret)
            let missing = try await caller.send("POST", "/v1/apps/shop/plans", PlanRequest.destroy)
            #expect(try missing.problem().knownCode == .notFound)
            _ = try await platform.store.commit(
                app,
                .run(manifest, source: digest),
                by: "ana",
                at: TestPlatform.moment,
                expected: nil
            )
            let plan = try await caller.send("POST", "/v1/apps/shop/plans", PlanRequest.destroy)
                .document(PlanResponse.self).plan
            #expect(plan.steps.map(\.id) == ["prune/app"])
            let wrong = try await caller.send("DELETE", "/v1/apps/shop?fingerprint=\(digest)")
            #expect(try wrong.problem().knownCode == .stalePlan)
            #expect(try await caller.send("DELETE", "/v1/apps/shop").problem().knownCode == .invalidRequest)
            let accepted = try await caller.send("DELETE", "/v1/apps/shop?fingerprint=\(plan.fingerprint)")
            #expect(accepted.status == 202)
            #expect(await platform.store.desired(app)?.wish == .destroy)
        }
    }

    @Test func `an upload must have its digest, and must not be too large`() async throws {
        let platform = await TestPlatform()
        try await platform.serve(APISettings(port: 0, maximumSource: 1 << 20)) { port in
            let caller = Caller(port, token: platform.token.secret)
            let path = "/v1/apps/shop/sources/\(digest)"
            let other = try await caller.send("PUT", path, body: .bytes(Array("other".utf8)))
            #expect(other.status == 422)
            #expect(try other.problem().knownCode == .digestMismatch)
            let pieces = AsyncThrowingStream<[UInt8], any Error> { continuation in
                for _ in 0..<20 { continuation.yield([UInt8](repeating: 0, count: 64 << 10)) }
                continuation.finish()
            }
            let large = try await caller.send("PUT", path, body: .stream(length: nil, pieces))
            #expect(large.status == 413)
            #expect(try large.problem().knownCode == .tooLarge)
            platform.images.disconnect()
            let down = try await caller.send("PUT", path, body: .bytes(source))
            #expect(down.status == 503)
        }
    }

    @Test(arguments: [
        "", "{", "[]", "{\"manifest\":{\"name\":\"UPPER\"}}", "{\"manifest\":1,\"source\":\"sha256:x\"}", "{}",
    ])
    func `what is not a plan request is refused with its place`(body: String) async throws {
        let platform = await TestPlatform()
        try await platform.serve { port in
            let caller = Caller(port, token: platform.token.secret)
            let answer = try await caller.send("POST", "/v1/apps/shop/plans", body: .bytes(Array(body.utf8)))
            #expect(answer.status == 400)
            #expect(try answer.problem().knownCode == .invalidRequest)
        }
    }

    @Test func `a document that is too large is refused`() async throws {
        let platform = await TestPlatform()
        try await platform.serve { port in
            let caller = Caller(port, token: platform.token.secret)
            let body = [UInt8](repeating: UInt8(ascii: " "), count: (1 << 20) + 1)
            let answer = try await caller.send("POST", "/v1/apps/shop/plans", body: .bytes(body))
            #expect(answer.status == 413)
        }
    }
}
