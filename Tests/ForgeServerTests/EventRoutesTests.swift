// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import ForgeEngine
import ForgeHTTP
import ForgeModel
import ForgePlan
import ForgeServer
import ForgeServerTesting
import ForgeTesting
import Testing

@Suite struct EventRoutesTests {
    let app: AppName
    let moment = TestPlatform.moment

    init() throws { app = try AppName("shop") }

    private func event(_ kind: DeployEvent.Kind, _ generation: Int, outcome: DeployOutcome? = nil) -> DeployEvent {
        DeployEvent(kind, generation: Generation(number: generation), at: moment, step: "build", outcome: outcome)
    }

    private func lines(_ caller: Caller, _ path: String) async throws -> [String] {
        let response = try await caller.open("GET", path)
        #expect(response.status == 200)
        #expect(response.headers["Content-Type"] == "application/x-ndjson")
        var lines: [String] = []
        for try await line in response.body.lines(limit: 1 << 20) { lines.append(line) }
        return lines
    }

    @Test func `a generation's stream ends with its result`() async throws {
        let platform = await TestPlatform()
        try await platform.store.append(
            [event(.started, 1), event(.started, 2), event(.done, 2), event(.result, 2, outcome: .succeeded)],
            of: app
        )
        try await platform.serve { port in
            let caller = Caller(port, token: platform.token.secret)
            let all = try await lines(caller, "/v1/apps/shop/events?generation=2")
            #expect(all.count == 3)
            #expect(
                all.last
                    == #"{"at":1700000000000,"generation":2,"kind":"result","outcome":"succeeded","position":"4-0","#
                    + #""step":"build"}"#
            )
            let rest = try await lines(caller, "/v1/apps/shop/events?generation=2&after=3-0")
            #expect(rest == [all[2]])
        }
    }

    @Test func `a generation without a result ends as superseded when a newer one has begun`() async throws {
        let platform = await TestPlatform()
        try await platform.store.append([event(.started, 1), event(.planned, 2)], of: app)
        try await platform.serve { port in
            let caller = Caller(port, token: platform.token.secret)
            let all = try await lines(caller, "/v1/apps/shop/events?generation=1")
            #expect(all.count == 2)
            #expect(all.last?.contains(#""outcome":"superseded""#) == true)
        }
    }

    @Test func `a silent stream says that it is alive, and events come as they happen`() async throws {
        let platform = await TestPlatform()
        try await platform.serve(APISettings(port: 0, heartbeat: .milliseconds(20))) { port in
            let caller = Caller(port, token: platform.token.secret)
            let response = try await caller.open("GET", "/v1/apps/shop/events?generation=1")
            var lines = response.body.lines(limit: 1 << 20).makeAsyncIterator()
            #expect(try await lines.next() == #"{"kind":"heartbeat"}"#)
            try await platform.store.append([event(.result, 1, outcome: .failed)], of: app)
            var last: String?
            while let line = try await lines.next() { last = line }
            #expect(last?.contains(#""outcome":"failed""#) == true)
        }
    }

    @Test(arguments: ["after=x", "after=1-", "generation=0", "generation=one"])
    func `a wrong parameter is refused`(query: String) async throws {
        let platform = await TestPlatform()
        try await platform.serve { port in
            let caller = Caller(port, token: platform.token.secret)
            let answer = try await caller.send("GET", "/v1/apps/shop/events?\(query)")
            #expect(try answer.problem().knownCode == .invalidRequest)
        }
    }

    @Test func `a client that goes away frees what it followed`() async throws {
        let platform = await TestPlatform()
        _ = try await platform.store.commit(app, .destroy, by: "ana", at: moment, expected: nil)
        try await platform.serve { port in
            let caller = Caller(port, token: platform.token.secret)
            do {
                let response = try await caller.open("GET", "/v1/apps/shop/logs?follow=true")
                #expect(response.status == 200)
                try await eventually("the log is followed") { platform.cluster.following > 0 }
            }
            try await eventually("nobody follows the log") { platform.cluster.following == 0 }
        }
    }

    @Test func `logs come with their process, and only so many`() async throws {
        let platform = await TestPlatform()
        _ = try await platform.store.commit(app, .destroy, by: "ana", at: moment, expected: nil)
        for number in 1...3 {
            platform.cluster.write(LogLine(at: moment, process: .web, instance: "web.1", text: "line \(number)"))
        }
        try await platform.serve { port in
            let caller = Caller(port, token: platform.token.secret)
            let all = try await lines(caller, "/v1/apps/shop/logs?tail=2&process=web")
            #expect(all.first == #"{"at":1700000000000,"instance":"web.1","process":"web","text":"line 2"}"#)
            #expect(all.count == 2)
            let none = try await caller.send("GET", "/v1/apps/blog/logs")
            #expect(try none.problem().knownCode == .notFound)
            let many = try await caller.send("GET", "/v1/apps/shop/logs?tail=10001")
            #expect(try many.problem().knownCode == .invalidRequest)
        }
    }
}
