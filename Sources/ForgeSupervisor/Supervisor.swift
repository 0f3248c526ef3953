// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
import ForgeOCI
import Glibc
package import Logging
package import ServiceLifecycle

/// One platform on one machine: its folder, its settings and its parts, from the lock to the last process
/// (specs/supervisor.md).
///
/// 1. Take the lock, or say who holds it.
/// 2. Check that every program is installed, settle the settings.
/// 3. End what a killed supervisor left behind; the apps' containers go on.
/// 4. Check the ports and find a runtime that makes containers.
/// 5. Run the parts as services: each waits for those it depends on, and they end in reverse order.
package struct Supervisor: Sendable {
    /// Where the platform's state is.
    package let folder: StateFolder
    /// The settings in effect.
    package let settings: Settings
    /// Where programs are.
    package let programs: ProgramSearch
    /// Asks parts whether they answer.
    package let call: LocalCall
    private let lock: StateLock
    private let runtime: String
    private let logger: Logger

    /// Makes a folder this process's own and everything ready for ``services(behind:)``; throws ``SupervisorError``.
    package init(
        folder: StateFolder,
        flags: Settings.Flags,
        environment: [String: String],
        logger: Logger
    ) async throws {
        self.folder = folder
        self.logger = logger
        programs = ProgramSearch(path: environment["PATH"])
        try folder.make()
        lock = try StateLock.take(folder)
        unlink(folder.announcement)
        try programs.check(ProgramSearch.platform + OCIRuntime.needs(programs))
        settings = try Settings.settle(folder, flags: flags, surroundings: .observe(environment: environment))
        try await Self.endPredecessors(folder)
        for port in settings.ports where !LoopbackPort.isFree(port.number) {
            throw SupervisorError(
                .unavailable,
                "port \(port.number) is in use, the \(port.name) cannot listen there: choose another one with \(port.flag)"
            )
        }
        runtime = try await OCIRuntime(programs: programs).probe(scratch: folder.temporary)
        call = LocalCall(transport: HTTPTransport())
    }

    /// The services to run in one group, in this order; the group shuts them down in the reverse one.
    ///
    /// - Parameter edges: parts that start when the others are ready, each one after those before it: the router and
    ///   the daemon.
    package func services(edges: [Child]) throws -> [ServiceGroupConfiguration.ServiceConfiguration] {
        let podman = try self.podman
        var inner: [any Service] = []
        var gates: [Readiness] = []
        func add(_ child: Child, after dependencies: [Readiness]) {
            let gate = Readiness()
            inner.append(
                ChildService(child: child, folder: folder, dependencies: dependencies, readiness: gate, logger: logger)
            )
            gates.append(gate)
        }
        add(try redis.child, after: [])
        add(try registry.child, after: [])
        add(podman.child, after: [])
        inner.append(AppContainers(podman: podman, folder: folder, logger: logger))
        for edge in edges { add(edge, after: gates) }
        let outer: [any Service] = [
            LogRotation(folder: folder, logger: logger),
            RunFolder(podman: podman, logger: logger),
            Announcer(folder: folder, announcement: Announcement(pid: getpid(), settings: settings), parts: gates),
        ]
        // A part that fails takes the others down, in their order; one that returns was told to.
        return (outer + inner).map { service in
            .init(
                service: service,
                successTerminationBehavior: .ignore,
                failureTerminationBehavior: .gracefullyShutdownGroup
            )
        }
    }

    private var redis: RedisServer {
        get throws {
            RedisServer(folder: folder, executable: try programs.require("redis-server", from: "redis-server"))
        }
    }

    private var registry: RegistryServer {
        get throws {
            RegistryServer(
                folder: folder,
                port: settings.registryPort,
                executable: try programs.require("docker-registry", from: "docker-registry"),
                htpasswd: try programs.require("htpasswd", from: "apache2-utils"),
                call: call
            )
        }
    }

    var podman: PodmanService {
        get throws {
            PodmanService(
                folder: folder,
                executable: try programs.require("podman", from: "podman"),
                runtime: runtime,
                registryPort: settings.registryPort,
                call: call
            )
        }
    }

    /// Ends parts that a killed supervisor could not: the daemon first, so that nothing works on a half of the rest.
    private static func endPredecessors(_ folder: StateFolder) async throws {
        let files = try Directory.names(in: folder.processes)
        let first = files.filter { $0 == "serve.json" }
        for file in first + files.filter({ $0 != "serve.json" }) {
            let path = folder.processes + "/" + file
            try await ProcessIdentity.load(from: path)?.end(patience: .seconds(20))
            unlink(path)
        }
    }
}
