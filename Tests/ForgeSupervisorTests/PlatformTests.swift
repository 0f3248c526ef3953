// SPDX-License-Identifier: Apache-2.0

import ForgeTesting
import Foundation
import Glibc
import Logging
import ServiceLifecycle
import Testing

@testable import ForgeSupervisor

/// The supervisor with its real parts, in a folder of its own.
@Suite struct PlatformTests {
    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private static let environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/nowhere"]

    private func flags() throws -> Settings.Flags {
        Settings.Flags(apiPort: try LoopbackPort.anyFree(), httpPort: try LoopbackPort.anyFree())
    }

    private func supervisor(_ folder: StateFolder) async throws -> Supervisor {
        try await Supervisor(folder: folder, flags: try flags(), environment: Self.environment, logger: Self.quiet)
    }

    /// Runs the platform while `body` does, then shuts it down.
    private func run(
        _ supervisor: Supervisor,
        edges: [Child] = [],
        _ body: @Sendable @escaping () async throws -> Void
    ) async throws {
        let services = try supervisor.services(edges: edges)
        let group = ServiceGroup(configuration: .init(services: services, logger: Self.quiet))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let folder = supervisor.folder
            try await eventually("readiness") { try StateFile.read(folder.announcement) != nil }
            let outcome = await Task { try await body() }.result
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            try outcome.get()
        }
    }

    private func identities(_ folder: StateFolder) -> [String: ProcessIdentity] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.processes)) ?? []
        return Dictionary(
            uniqueKeysWithValues: names.compactMap { name in
                ProcessIdentity.load(from: folder.processes + "/" + name).map { (name, $0) }
            }
        )
    }

    private func mounts(_ folder: StateFolder) -> [String] {
        Leftovers(folder: folder, runFolder: PodmanService.runFolder(of: folder)).mounts()
    }

    @Test(.timeLimit(.minutes(5)))
    func `each part that is killed comes back, and nothing stays after the end`() async throws {
        let state = try TemporaryState()
        let folder = state.folder
        let supervisor = try await supervisor(folder)
        try await run(supervisor) {
            let before = identities(folder)
            #expect(before.keys.sorted() == ["podman.json", "redis.json", "registry.json"])
            let announcement = try Announcement.load(folder)
            #expect(announcement.pid == getpid())
            #expect(announcement.registry == "127.0.0.1:\(supervisor.settings.registryPort)")
            for identity in before.values { kill(identity.pid, SIGKILL) }
            try await eventually("the return of every part") {
                let now = identities(folder)
                return now.count == 3 && now.allSatisfy { $0.value != before[$0.key] && $0.value.isAlive }
            }
            try await eventually("an answer of Redis") {
                await LocalCall.ask(socket: folder.redisSocket, "PING")?.hasPrefix("+PONG") ?? false
            }
        }
        #expect(identities(folder).isEmpty)
        #expect(try StateFile.read(folder.announcement) == nil)
        #expect(mounts(folder).isEmpty)
    }

    @Test(.timeLimit(.minutes(5)))
    func `what Redis acknowledged is there after a restart`() async throws {
        let state = try TemporaryState()
        let folder = state.folder
        try await run(try await supervisor(folder)) {
            #expect(await LocalCall.ask(socket: folder.redisSocket, "SET app shop") == "+OK\r\n")
        }
        try await run(try await supervisor(folder)) {
            #expect(await LocalCall.ask(socket: folder.redisSocket, "GET app") == "$4\r\nshop\r\n")
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `an app's container outlives podman's service and ends with the platform`() async throws {
        let state = try TemporaryState()
        let folder = state.folder
        let supervisor = try await supervisor(folder)
        let leftovers = Leftovers(folder: folder, runFolder: PodmanService.runFolder(of: folder))
        let root = folder.temporary + "/root"
        for name in ["", "/bin", "/lib", "/lib64", "/usr"] { mkdir(root + name, 0o755) }
        try await run(supervisor) {
            let podman = try supervisor.podman
            let volumes = ["/bin", "/lib", "/lib64", "/usr"].flatMap { ["--volume", "\($0):\($0):ro"] }
            let words = ["run", "--detach", "--name", "app", "--network", "none"] + limits + volumes
            let started = try await ToolRun.perform(
                podman.command(words + ["--rootfs", root, "/bin/sleep", "1000"]),
                scratch: folder.temporary
            )
            #expect(started.status == .exited(0), "\(started.output)")
            let monitor = try #require(leftovers.processes().first)
            let service = try #require(identities(folder)["podman.json"])
            kill(service.pid, SIGKILL)
            try await eventually("the return of podman") {
                identities(folder)["podman.json"].map { $0 != service && $0.isAlive } ?? false
            }
            #expect(monitor.isAlive)
        }
        #expect(leftovers.processes().isEmpty)
        #expect(leftovers.mounts().isEmpty)
    }

    /// At or below what this process may give: podman's own defaults lie above it on some machines.
    private var limits: [String] { ["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"] }

    @Test(.timeLimit(.minutes(5)))
    func `parts of a killed supervisor are ended before new ones start`() async throws {
        let state = try TemporaryState()
        let folder = state.folder
        try folder.make()
        let sleep = ChildCommand("/bin/sleep", ["1000"], environment: [:])
        let orphan = try await ChildProcess.start(sleep, log: folder.log(of: "serve"), endsGroup: true)
        let identity = try #require(ProcessIdentity(of: orphan.pid))
        try StateFile.save(identity, to: folder.processes + "/serve.json")
        _ = try await supervisor(folder)
        #expect(!identity.isAlive)
        #expect(identities(folder).isEmpty)
    }

    @Test func `a port that is taken is named with its flag`() async throws {
        let state = try TemporaryState()
        let listener = try Listener()
        let flags = Settings.Flags(apiPort: listener.port, httpPort: try LoopbackPort.anyFree())
        let error = await #expect(throws: SupervisorError.self) {
            try await Supervisor(
                folder: state.folder,
                flags: flags,
                environment: Self.environment,
                logger: Self.quiet
            )
        }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("port \(listener.port) is in use") == true)
        #expect(error?.message.contains("--api-port") == true)
    }

    @Test(.timeLimit(.minutes(5)))
    func `a part that never starts ends the platform with its last words`() async throws {
        let state = try TemporaryState()
        let supervisor = try await supervisor(state.folder)
        let broken = Child(name: "serve", patience: .seconds(1)) {
            ChildCommand("/bin/sh", ["-c", "echo no database; exit 4"], environment: [:])
        } probe: {
            false
        }
        let services = try supervisor.services(edges: [broken])
        let group = ServiceGroup(configuration: .init(services: services, logger: Self.quiet))
        let error = await #expect(throws: SupervisorError.self) { try await group.run() }
        #expect(error?.message.contains("serve does not start: exited with 4, 5 times in a row\n  no database") == true)
        #expect(identities(state.folder).isEmpty)
    }
}

/// A port that something listens on.
private final class Listener {
    let port: Int
    private let file: Int32

    init() throws {
        file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = file
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                _ = bind(descriptor, generic, length)
                _ = listen(descriptor, 1)
                _ = getsockname(descriptor, generic, &length)
            }
        }
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { close(file) }
}
