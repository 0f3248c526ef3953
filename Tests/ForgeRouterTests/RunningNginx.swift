// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeHTTP
import ForgeModel
import ForgeTesting
import Foundation
import Glibc
import Logging
import Synchronization

@testable import ForgeRouter

/// A real nginx in a temporary folder, and the router that feeds it.
final class RunningNginx {
    let settings: RouterSettings
    let port: Int
    let router: NginxRouter
    let transport = HTTPTransport()
    private var process: Process?

    /// Runs `body` with a started nginx and takes everything away afterwards.
    static func with(
        adjust: (inout RouterSettings) -> Void = { _ in },
        _ body: (RunningNginx) async throws -> Void
    ) async throws {
        let folder = "/tmp/forge-router-" + UUID().uuidString.prefix(8)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let nginx = try RunningNginx(folder: folder, adjust: adjust)
        defer { nginx.stop(SIGTERM) }
        try await nginx.start()
        try await body(nginx)
    }

    private init(folder: String, adjust: (inout RouterSettings) -> Void) throws {
        port = try Self.unusedPort()
        var settings = RouterSettings(
            stateFolder: folder,
            listen: ["127.0.0.1:\(port)"],
            baseDomain: "apps.test",
            workerUser: geteuid() == 0 ? "www-data" : nil
        )
        adjust(&settings)
        self.settings = settings
        router = try NginxRouter(settings: settings, transport: transport, logger: Logger(label: "test"))
    }

    private static let nextPort = Mutex(Int.random(in: 20_000..<30_000))

    /// Below the ports that the system gives to clients and to port 0, so that none of these takes it before nginx
    /// does; no two tests get the same.
    private static func unusedPort() throws -> Int {
        try nextPort.withLock { next in
            for _ in 0..<1_000 {
                next += 1
                let probe = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
                defer { close(probe) }
                if (try? bindToPort(next, probe)) != nil { return next }
            }
            throw RawConnection.Broken(reason: "no port is free")
        }
    }

    /// Prepares, starts, and waits until the control socket answers: workers start after every address is bound.
    func start() async throws {
        let installation = try NginxInstallation(settings: settings)
        _ = try await installation.prepare()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/sbin/nginx")
        process.arguments = installation.arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        self.process = process
        let hello = HTTPRequest(url: "http://router/table", unixSocket: settings.controlSocket)
        try await eventually("nginx answers") {
            guard process.isRunning, let answer = try? await transport.perform(hello) else { return false }
            return [200, 404].contains(answer.status)
        }
    }

    /// Sends a signal to the master and waits for its end.
    func stop(_ signal: Int32) {
        guard let process, process.isRunning else { return }
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
    }

    /// Adds routes from `<host>` to `<app>`'s web process and gives each app its upstreams.
    func serve(_ apps: [String: [Upstream]]) async throws {
        for app in apps.keys.sorted() {
            try await router.add(route(app))
        }
        try await router.publish(
            Dictionary(
                uniqueKeysWithValues: apps.map { app, upstreams in
                    ("\(app).web", upstreams.map { Endpoint(address: "127.0.0.1", port: $0.port) })
                }
            )
        )
    }

    func connect() throws -> RawConnection { try RawConnection(port: port) }

    /// The process ids of the workers, from proc(5).
    func workers() throws -> String {
        let master = process?.processIdentifier ?? 0
        return try String(contentsOfFile: "/proc/\(master)/task/\(master)/children", encoding: .utf8)
    }

    func errorLog() -> String { (try? String(contentsOfFile: settings.errorLog, encoding: .utf8)) ?? "" }
}

/// `<app>.apps.test` to the app's web process.
func route(_ app: String, process: String = "web") throws -> Route {
    try Route(host: Host(app + ".apps.test"), app: AppName(app), process: ProcessType(process))
}
