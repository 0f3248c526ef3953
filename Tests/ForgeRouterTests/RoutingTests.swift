// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeModel
import ForgeTesting
import Foundation
import Synchronization
import Testing

@testable import ForgeRouter

/// What clients and apps see of a real nginx.
@Suite struct RoutingTests {
    @Test func eachHostLeadsToItsApp() async throws {
        let (shop, blog) = (try Upstream("shop"), try Upstream("blog"))
        try await RunningNginx.with { nginx in
            try await nginx.serve(["shop": [shop], "blog": [blog]])
            let connection = try nginx.connect()
            #expect(try connection.get(host: "shop.apps.test").body == "shop")
            #expect(try connection.get(host: "blog.apps.test").body == "blog")
            #expect(try connection.get(host: "SHOP.Apps.Test:8080").body == "shop")
            #expect(try connection.get(host: "shop.apps.test.").body == "shop")
            #expect(try await nginx.router.routes(AppName("shop")) == [route("shop")])
        }
    }

    @Test func beforeTheFirstTableTheRouterIsStarting() async throws {
        try await RunningNginx.with { nginx in
            let response = try nginx.connect().get(host: "shop.apps.test")
            #expect(response.status == 503)
            #expect(response.headers["retry-after"] == "1")
            #expect(response.body.hasPrefix("the router is starting\n"))
        }
    }

    @Test func anUnknownHostIsNamedInTheFormThatIsAskedFor() async throws {
        try await RunningNginx.with { nginx in
            try await nginx.router.publish([:])
            let connection = try nginx.connect()
            let text = try connection.get(host: "nowhere.apps.test")
            #expect(text.status == 404)
            #expect(text.headers["content-type"] == "text/plain; charset=utf-8")
            #expect(
                text.body == """
                    no app is routed at this host
                    nowhere.apps.test leads nowhere; apps are at NAME.apps.test

                    """
            )
            let html = try connection.get(host: "nowhere.apps.test", "Accept: text/html,*/*;q=0.8\r\n")
            #expect(html.headers["content-type"] == "text/html; charset=utf-8")
            #expect(html.body.contains("<h1>no app is routed at this host</h1><p>nowhere.apps.test leads"))
            let json = try connection.get(host: "nowhere.apps.test", "Accept: application/json\r\n")
            #expect(json.headers["content-type"] == "application/json")
            #expect(json.body.contains(#""error":"no app is routed at this host""#))
            let head = try connection.get(host: "nowhere.apps.test", method: "HEAD")
            #expect(head.status == 404)
            #expect(try connection.get(host: "nowhere.apps.test").status == 404)
        }
    }

    @Test func anAppWithNothingReadyIsUnavailable() async throws {
        let shop = try Upstream("shop")
        try await RunningNginx.with { nginx in
            try await nginx.serve(["shop": []])
            let response = try nginx.connect().get(host: "shop.apps.test")
            #expect(response.status == 503)
            #expect(response.headers["retry-after"] == "5")
            #expect(response.body.hasPrefix("nothing is ready to answer\nshop.web has no ready instance"))
            try await nginx.serve(["shop": [shop]])
            #expect(try nginx.connect().get(host: "shop.apps.test").body == "shop")
            try await nginx.router.remove(route("shop"))
            #expect(try nginx.connect().get(host: "shop.apps.test").status == 404)
        }
    }

    @Test func requestsGoRoundAndPassAStoppedEndpoint() async throws {
        let (one, two) = (try Upstream("one"), try Upstream("two"))
        try await RunningNginx.with { nginx in
            try await nginx.serve(["shop": [one, two]])
            let connection = try nginx.connect()
            let names = try (0..<4).map { _ in try connection.get(host: "shop.apps.test").body }
            #expect(Set(names[0..<2]) == ["one", "two"])
            #expect(names[0..<2] == names[2..<4])
            one.stop()
            for _ in 0..<6 {
                #expect(try connection.get(host: "shop.apps.test").body == "two")
                let post = try connection.get(
                    "/length",
                    host: "shop.apps.test",
                    "Content-Length: 0\r\n",
                    method: "POST"
                )
                #expect(post.status == 200)
            }
            two.stop()
            let response = try connection.get(host: "shop.apps.test")
            #expect(response.status == 502)
            #expect(response.body == "the app did not answer\nshop.web refused or cut the connection\n")
        }
    }

    @Test func aCutPostIsNotRepeatedAndAnAppsOwnFailureIsPassedOn() async throws {
        let (one, two) = (try Upstream("one"), try Upstream("two"))
        try await RunningNginx.with { nginx in
            try await nginx.serve(["shop": [one, two]])
            let cut = try nginx.connect().get("/cut", host: "shop.apps.test", "Content-Length: 0\r\n", method: "POST")
            #expect(cut.status == 502)
            #expect(one.requests.withLock { $0 } + two.requests.withLock { $0 } == 1)
            let own = try nginx.connect().get("/failing", host: "shop.apps.test")
            #expect(own.status == 502)
            #expect(own.body == "mine")
        }
    }

    @Test func bodiesPassInBothDirections() async throws {
        let shop = try Upstream("shop")
        try await RunningNginx.with { nginx in
            try await nginx.serve(["shop": [shop]])
            let connection = try nginx.connect()
            try connection.send("POST /length HTTP/1.1\r\nHost: shop.apps.test\r\nContent-Length: 3000000\r\n\r\n")
            try connection.send([UInt8](repeating: 120, count: 3_000_000))
            #expect(try connection.receiveResponse().body == "3000000")
            try connection.send("POST /length HTTP/1.1\r\nHost: shop.apps.test\r\nTransfer-Encoding: chunked\r\n\r\n")
            try connection.send("5\r\nhello\r\n3\r\nyou\r\n0\r\n\r\n")
            #expect(try connection.receiveResponse().body == "8")
            #expect(try connection.get("/big", host: "shop.apps.test").body.utf8.count == 2 << 20)
            #expect(!nginx.errorLog().contains("crit"))
        }
    }

    @Test func theAppSeesWhoAskedForWhat() async throws {
        let shop = try Upstream("shop")
        try await RunningNginx.with { nginx in
            try await nginx.serve(["shop": [shop]])
            let connection = try nginx.connect()
            let sent =
                "X-Forwarded-For: 10.1.2.3\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.test\r\n"
                + "Forwarded: for=1.2.3.4\r\nProxy: http://evil.test\r\nX-Request-Id: bad id\r\nUpgrade: h2c\r\n"
                + "Connection: Upgrade\r\n"
            let response = try connection.get("/headers", host: "shop.apps.test:\(nginx.port)", sent)
            let (line, seen) = try parseHead(response.body)
            #expect(line == "GET /headers HTTP/1.1")
            #expect(seen["host"] == "shop.apps.test:\(nginx.port)")
            #expect(seen["x-forwarded-for"] == "10.1.2.3, 127.0.0.1")
            #expect(seen["x-real-ip"] == "127.0.0.1")
            #expect(seen["x-forwarded-proto"] == "http")
            #expect(seen["x-forwarded-host"] == "shop.apps.test:\(nginx.port)")
            #expect(seen["x-forwarded-port"] == "\(nginx.port)")
            #expect(seen["forwarded"] == nil && seen["proxy"] == nil && seen["upgrade"] == nil)
            #expect(seen["connection"] == "close")
            #expect(seen["x-request-id"]?.utf8.count == 32)
            #expect(response.headers["x-request-id"] == seen["x-request-id"])
            #expect(response.headers["server"] == "nginx")

            let kept = try connection.get("/headers", host: "shop.apps.test", "X-Request-Id: client-0001\r\n")
            #expect(try parseHead(kept.body).1["x-request-id"] == "client-0001")
            #expect(kept.headers["x-request-id"] == "client-0001")
        }
    }

    @Test func aTrustedProxySaysHowItWasAsked() async throws {
        let shop = try Upstream("shop")
        try await RunningNginx.with(adjust: { $0.trustedProxies = ["127.0.0.0/8"] }) { nginx in
            try await nginx.serve(["shop": [shop]])
            let sent = "X-Forwarded-Proto: https\r\nX-Forwarded-Host: shop.example\r\nX-Forwarded-Port: 443\r\n"
            let seen = try parseHead(nginx.connect().get("/headers", host: "shop.apps.test", sent).body).1
            #expect(seen["x-forwarded-proto"] == "https")
            #expect(seen["x-forwarded-host"] == "shop.example")
            #expect(seen["x-forwarded-port"] == "443")
        }
    }

    @Test(arguments: [
        ("Host: " + String(repeating: "a", count: 300) + ".apps.test\r\n", 400),
        ("Host: " + String(repeating: "a", count: 20_000) + "\r\n", 400),
        ("Host: shop\u{1}.apps.test\r\n", 400), ("Host: shop.apps.test/x\r\n", 400), ("Host: shop..apps.test\r\n", 400),
        ("Host: <b>shop</b>\r\n", 400), ("Host: söp.apps.test\r\n", 400), ("Host: shop.apps.test@x\r\n", 400),
        ("Host:\r\n", 400), ("", 400), ("Host: shop.apps.test\r\nHost: blog.apps.test\r\n", 400),
        ("Host: [::1]:80\r\n", 404), ("Host: 127.0.0.1\r\n", 404), ("Host: .\r\n", 400),
        ("Host: SHOP.APPS.TEST.:99\r\n", 200),
    ])
    func hostileHostsAreRefused(header: String, status: Int) async throws {
        let shop = try Upstream("shop")
        try await RunningNginx.with { nginx in
            try await nginx.serve(["shop": [shop]])
            let connection = try nginx.connect()
            try connection.send("GET / HTTP/1.1\r\n\(header)\r\n")
            let response = try connection.receiveResponse()
            #expect(response.status == status)
            #expect(!response.body.contains("<b>"))
        }
    }

    @Test func aRequestLineMayNotNameAnotherHost() async throws {
        let shop = try Upstream("shop")
        try await RunningNginx.with { nginx in
            try await nginx.serve(["shop": [shop]])
            let connection = try nginx.connect()
            #expect(try connection.get("http://shop.apps.test/", host: "blog.apps.test").status == 400)
            #expect(try connection.get("http://shop.apps.test/", host: "shop.apps.test").body == "shop")
        }
    }

    @Test func theAccessLogHasOneObjectForEachRequestAndNoQuery() async throws {
        let shop = try Upstream("shop")
        try await RunningNginx.with { nginx in
            try await nginx.serve(["shop": [shop]])
            _ = try nginx.connect().get("/a%22b?token=secret", host: "shop.apps.test", "X-Request-Id: request-1\r\n")
            let read = { try String(contentsOfFile: nginx.settings.accessLog, encoding: .utf8) }
            try await eventually("a line") { try read().hasSuffix("\n") }
            let object = try JSONSerialization.jsonObject(with: Data(read().utf8)) as? [String: Any]
            #expect(object?["service"] as? String == "shop.web")
            #expect(object?["path"] as? String == "/a%22b")
            #expect(object?["status"] as? Int == 200)
            #expect(object?["request_id"] as? String == "request-1")
            #expect(object?["endpoint"] as? String == "127.0.0.1:\(shop.port)")
        }
    }
}
