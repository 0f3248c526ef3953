// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import ForgeHTTP
import ForgeServer
import ForgeServerTesting
import ForgeTesting
import Testing

@Suite struct AccessTests {
    @Test func `healthz and version need no token`() async throws {
        try await TestPlatform().serve { port in
            let caller = Caller(port, token: nil)
            let health = try await caller.send("GET", "/healthz")
            #expect(health.status == 200)
            #expect(String(decoding: health.body, as: UTF8.self) == "ok\n")
            let version = try await caller.send("GET", "/v1/version")
            #expect(try version.document(VersionDocument.self) == VersionDocument())
        }
    }

    @Test(arguments: [nil, "", "wrong", String(repeating: "x", count: 600)])
    func `anything else is refused without a known token`(token: String?) async throws {
        try await TestPlatform().serve { port in
            let answer = try await Caller(port, token: token).send("GET", "/v1/apps")
            #expect(answer.status == 401)
            #expect(answer.headers["Content-Type"] == "application/problem+json")
            #expect(answer.headers["WWW-Authenticate"] == "Bearer realm=\"forge\"")
            #expect(try answer.problem().knownCode == .unauthorized)
        }
    }

    @Test func `a known token is let in`() async throws {
        let platform = await TestPlatform()
        try await platform.serve { port in
            let answer = try await Caller(port, token: platform.token.secret).send("GET", "/v1/apps")
            #expect(try answer.document(AppListDocument.self) == AppListDocument(apps: []))
        }
    }

    @Test(arguments: [
        "evil.example", "evil.example:7777", "127.0.0.1.evil.example", "localhost.evil.example", "1.2.3", "1.2.3.x",
        "1.2.3.4.", "[evil.example]", "",
    ])
    func `a Host of another machine is refused`(host: String) async throws {
        try await TestPlatform().serve { port in
            let answer = try await Caller(port, token: nil).send("GET", "/healthz", headers: ["Host": host])
            #expect(answer.status == 421)
            #expect(try answer.problem().knownCode == .wrongHost)
        }
    }

    @Test(arguments: ["localhost", "LOCALHOST:1", "127.0.0.1:80", "[::1]:7777", "10.245.0.1:30777", "forge.example"])
    func `addresses and configured hosts are let in`(host: String) async throws {
        try await TestPlatform().serve(APISettings(port: 0, hosts: ["forge.example"])) { port in
            let answer = try await Caller(port, token: nil).send("GET", "/healthz", headers: ["Host": host])
            #expect(answer.status == 200)
        }
    }

    @Test func `what is not there, and what a path does not take, are problems`() async throws {
        let platform = await TestPlatform()
        try await platform.serve { port in
            let caller = Caller(port, token: platform.token.secret)
            #expect(try await caller.send("GET", "/nothing").problem().knownCode == .notFound)
            #expect(try await caller.send("GET", "/v1/apps/shop").problem().knownCode == .notFound)
            #expect(try await caller.send("GET", "/v1/apps/Shop").problem().knownCode == .invalidRequest)
            let answer = try await caller.send("PUT", "/v1/apps/shop")
            #expect(answer.status == 405)
            #expect(answer.headers["Allow"] == "GET, DELETE")
            #expect(try answer.problem().knownCode == .methodNotAllowed)
        }
    }

    @Test func `the first start makes a token, and a store that lost its data takes the old one`() async throws {
        let platform = await TestPlatform()
        #expect(try await AdminToken.ensure(in: platform.store, kept: nil) == nil)
        let empty = await TestPlatform(hasToken: false)
        let token = try #require(try await AdminToken.ensure(in: empty.store, kept: nil))
        #expect(token.secret.count == 70)
        #expect(await empty.store.tokens() == ["admin": token.hash()])
        let emptied = await TestPlatform(hasToken: false)
        #expect(try await AdminToken.ensure(in: emptied.store, kept: token)?.secret == token.secret)
    }
}
