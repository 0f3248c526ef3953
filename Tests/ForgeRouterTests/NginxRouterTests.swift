// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeHTTP
import ForgeModel
import ForgeTesting
import Foundation
import Logging
import Synchronization
import Testing

@testable import ForgeRouter

/// Changing, losing and recovering the table of a real nginx.
@Suite struct NginxRouterTests {
    @Test func endpointsChangeUnderLoadWithoutAFailure() async throws {
        let upstreams = try (0..<4).map { try Upstream("generation \($0)") }
        try await RunningNginx.with { nginx in
            try await nginx.serve(["shop": [upstreams[0]]])
            let kept = try nginx.connect()
            let workers = try nginx.workers()
            let load = Load(port: nginx.port)
            for round in 1...20 {
                let (current, retired) = (upstreams[round % 4], upstreams[(round + 3) % 4])
                try await nginx.serve(["shop": [current]])
                let seen = retired.requests.withLock { $0 }
                for _ in 0..<5 {
                    let body = try kept.get(
                        "/length",
                        host: "shop.apps.test",
                        "Content-Length: 4\r\n\r\nbody",
                        method: "POST"
                    )
                    #expect(body.body == "4")
                }
                // Published means: no worker picks the retired endpoint any more. Requests that were already on their
                // way to it may still arrive.
                #expect(retired.requests.withLock { $0 } - seen <= Load.connections)
            }
            let outcome = try await load.stop()
            #expect(outcome.failures == [])
            #expect(outcome.answers > 0)
            // A reload would have replaced them.
            #expect(try nginx.workers() == workers)
        }
    }

    @Test func aRestartedNginxRoutesAtOnce() async throws {
        let shop = try Upstream("shop")
        try await RunningNginx.with { nginx in
            try await nginx.serve(["shop": [shop]])
            nginx.stop(SIGQUIT)
            await #expect(throws: RouterError.self) { try await nginx.router.ensureCurrent() }
            try await nginx.start()
            #expect(try nginx.connect().get(host: "shop.apps.test").body == "shop")
            #expect(try await nginx.router.ensureCurrent() == false)
        }
    }

    @Test func aKilledMasterLeavesNoWorkersAndNoSocketInTheWay() async throws {
        let shop = try Upstream("shop")
        try await RunningNginx.with { nginx in
            try await nginx.serve(["shop": [shop]])
            nginx.stop(SIGKILL)
            try await eventually("the workers leave") { (try? nginx.connect()) == nil }
            try await nginx.start()
            #expect(try nginx.connect().get(host: "shop.apps.test").body == "shop")
        }
    }

    @Test func aChangeWhileNginxIsDownIsThereWhenItIsBack() async throws {
        let (old, new) = (try Upstream("old"), try Upstream("new"))
        try await RunningNginx.with { nginx in
            try await nginx.serve(["shop": [old]])
            nginx.stop(SIGTERM)
            await #expect(throws: RouterError.self) { try await nginx.serve(["shop": [new]]) }
            try await nginx.start()
            #expect(try nginx.connect().get(host: "shop.apps.test").body == "new")
            try await nginx.serve(["shop": [new]])
        }
    }

    @Test func aLostTableIsPushedAgain() async throws {
        let shop = try Upstream("shop")
        try await RunningNginx.with { nginx in
            try await nginx.serve(["shop": [shop]])
            nginx.stop(SIGTERM)
            try FileManager.default.removeItem(atPath: nginx.settings.tableFile)
            try await nginx.start()
            #expect(try nginx.connect().get(host: "shop.apps.test").status == 503)
            #expect(try await nginx.router.ensureCurrent())
            #expect(try nginx.connect().get(host: "shop.apps.test").body == "shop")
        }
    }

    @Test func keepingCurrentOutlastsARestart() async throws {
        let shop = try Upstream("shop")
        try await RunningNginx.with { nginx in
            try await nginx.serve(["shop": [shop]])
            let router = nginx.router
            let keeper = Task {
                try await router.keepCurrent(every: .milliseconds(10), logger: Logger(label: "test"))
            }
            nginx.stop(SIGTERM)
            try FileManager.default.removeItem(atPath: nginx.settings.tableFile)
            try await nginx.start()
            try await eventually("the table is back") { try nginx.connect().get(host: "shop.apps.test").body == "shop" }
            #expect(FileManager.default.fileExists(atPath: nginx.settings.tableFile))
            keeper.cancel()
            await #expect(throws: CancellationError.self) { try await keeper.value }
        }
    }

    @Test func anotherRouterTakesUpTheTable() async throws {
        let shop = try Upstream("shop")
        try await RunningNginx.with { nginx in
            try await nginx.serve(["shop": [shop]])
            let next = try NginxRouter(
                settings: nginx.settings,
                transport: nginx.transport,
                logger: Logger(label: "test")
            )
            #expect(try await next.routes(AppName("shop")) == [route("shop")])
            #expect(try await next.ensureCurrent() == false)
            await #expect(throws: RouterError("host shop.apps.test belongs to app shop: remove it there first")) {
                try await next.add(Route(host: Host("shop.apps.test"), app: AppName("blog"), process: .web))
            }
        }
    }

    @Test func concurrentChangesAllArrive() async throws {
        try await RunningNginx.with { nginx in
            let router = nginx.router
            try await withThrowingTaskGroup { group in
                for number in 0..<20 {
                    group.addTask { try await router.add(route("app\(number)")) }
                }
                try await group.waitForAll()
            }
            #expect(try await nginx.router.ensureCurrent() == false)
            #expect(try nginx.connect().get(host: "app19.apps.test").status == 503)
        }
    }

    @Test func aReloadKeepsTheTable() async throws {
        let shop = try Upstream("shop")
        try await RunningNginx.with { nginx in
            try await nginx.serve(["shop": [shop]])
            let installation = try NginxInstallation(settings: nginx.settings)
            #expect(try await installation.prepare() == .unchanged)
            // As a crash between the new file and HUP leaves it.
            try StateFile.write([], to: nginx.settings.reloadMark)
            #expect(try await installation.prepare() == .reloaded)
            #expect(try await installation.prepare() == .unchanged)
            var changed = nginx.settings
            changed.bodyLimitMegabytes = 1
            #expect(try await NginxInstallation(settings: changed).prepare() == .reloaded)
            let head = "Content-Length: 2000000\r\n"
            try await eventually("the new limit holds") {
                let connection = try nginx.connect()
                try connection.send("POST / HTTP/1.1\r\nHost: shop.apps.test\r\n\(head)\r\n")
                return try connection.receiveResponse().status == 413
            }
            #expect(try nginx.connect().get(host: "shop.apps.test").body == "shop")
        }
    }

    @Test func aRefusedConfigurationLeavesTheOldOne() async throws {
        try await RunningNginx.with { nginx in
            let before = try String(contentsOfFile: nginx.settings.configurationFile, encoding: .utf8)
            var wrong = nginx.settings
            wrong.modulesFolder = "/nonexistent"
            await #expect(throws: RouterError.self) { try await NginxInstallation(settings: wrong).prepare() }
            #expect(try String(contentsOfFile: nginx.settings.configurationFile, encoding: .utf8) == before)
            #expect(!FileManager.default.fileExists(atPath: nginx.settings.configurationFile + ".new"))
        }
    }

    @Test(arguments: [
        "", "[]", "{}", #"{"routes":[1],"services":{}}"#, #"{"routes":{"a":"b"},"services":{}}"#,
        #"{"routes":{},"services":{"a.web":[["example.com",80]]}}"#,
        #"{"routes":{},"services":{"a.web":[["10.0.0.1",0]]}}"#, #"{"routes":{},"services":{"a.web":[["10.0.0.1"]]}}"#,
        #"{"routes":{"a":["<b>","web"]},"services":{}}"#, #"{"routes":{},"services":{"a":1}}"#,
    ])
    func nginxRefusesWhatIsNoTable(text: String) async throws {
        try await RunningNginx.with { nginx in
            let response = try await nginx.transport.perform(
                HTTPRequest(
                    method: "PUT",
                    url: "http://router/table",
                    body: .bytes(Array(text.utf8)),
                    unixSocket: nginx.settings.controlSocket
                )
            )
            #expect(response.status == 422)
            #expect(try nginx.connect().get(host: "shop.apps.test").body.hasPrefix("the router is starting"))
        }
    }

    @Test func onlyTheOwnerReachesTheControlSocket() async throws {
        try await RunningNginx.with { nginx in
            let mode = try FileManager.default.attributesOfItem(atPath: nginx.settings.controlFolder)[.posixPermissions]
            #expect(mode as? Int == 0o700)
            try await nginx.router.publish([:])
            let table = try FileManager.default.attributesOfItem(atPath: nginx.settings.tableFile)[.posixPermissions]
            #expect(table as? Int == 0o600)
        }
    }
}

/// Requests on kept-alive connections, one after the other on each, until it is stopped.
final class Load: Sendable {
    static let connections = 4
    private let outcome = Mutex((answers: 0, failures: [String](), stopped: false, running: Load.connections))

    init(port: Int) {
        for _ in 0..<Self.connections {
            Thread.detachNewThread {
                do {
                    let connection = try RawConnection(port: port)
                    while !self.outcome.withLock({ $0.stopped }) {
                        let response = try connection.get(host: "shop.apps.test")
                        self.outcome.withLock {
                            $0.answers += 1
                            if response.status != 200 { $0.failures.append("\(response.status)") }
                        }
                    }
                } catch {
                    self.outcome.withLock { $0.failures.append("\(error)") }
                }
                self.outcome.withLock { $0.running -= 1 }
            }
        }
    }

    /// Lets each connection end its request.
    func stop() async throws -> (answers: Int, failures: [String]) {
        outcome.withLock { $0.stopped = true }
        try await eventually("every connection has ended") { outcome.withLock { $0.running } == 0 }
        return outcome.withLock { ($0.answers, $0.failures) }
    }
}
