// SPDX-License-Identifier: Apache-2.0

import ForgeTesting
import Foundation
import Glibc
import Logging
import ServiceLifecycle
import Testing

@testable import ForgeSupervisor

@Suite struct ChildServiceTests {
    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func child(_ script: String, patience: Duration = .seconds(60), answers: Bool = true) -> Child {
        Child(name: "part", patience: patience) {
            ChildCommand("/bin/sh", ["-c", script], environment: ["PATH": "/usr/bin:/bin"])
        } probe: {
            answers
        }
    }

    /// Runs one part while `body` does, then shuts it down.
    private func run(
        _ child: Child,
        in folder: StateFolder,
        after dependencies: [Readiness] = [],
        _ body: (Readiness) async throws -> Void
    ) async throws {
        let gate = Readiness()
        let service = ChildService(
            child: child,
            folder: folder,
            dependencies: dependencies,
            readiness: gate,
            logger: Self.quiet
        )
        let configuration = ServiceGroupConfiguration(
            services: [.init(service: service, successTerminationBehavior: .ignore)],
            logger: Self.quiet
        )
        let group = ServiceGroup(configuration: configuration)
        async let end: Void = group.run()
        do {
            try await body(gate)
        } catch {
            await group.triggerGracefulShutdown()
            throw error
        }
        await group.triggerGracefulShutdown()
        try await end
    }

    private func identity(_ folder: StateFolder) -> ProcessIdentity? {
        ProcessIdentity.load(from: folder.processes + "/part.json")
    }

    @Test func `a part that does not want to end is killed after its patience`() async throws {
        let state = try TemporaryState()
        let folder = state.folder
        try folder.make()
        let log = LogFile(path: folder.log(of: "part"))
        let stubborn = child("trap '' TERM; echo here; while :; do sleep 1; done", patience: .milliseconds(100))
        try await run(stubborn, in: folder) { gate in
            try await gate.wait()
            try await eventually("the trap") { log.tail(1) == ["here"] }
        }
        #expect(identity(folder) == nil)
    }

    @Test func `a part waits for those it depends on`() async throws {
        let state = try TemporaryState()
        let folder = state.folder
        try folder.make()
        let dependency = Readiness()
        try await run(child("exec sleep 1000"), in: folder, after: [dependency]) { gate in
            #expect(identity(folder) == nil)
            dependency.open()
            try await gate.wait()
        }
    }

    @Test func `a part that is told to end before it could start never starts`() async throws {
        let state = try TemporaryState()
        let folder = state.folder
        try folder.make()
        try await run(child("echo started"), in: folder, after: [Readiness()]) { _ in }
        #expect(LogFile(path: folder.log(of: "part")).tail(1).isEmpty)
    }

    @Test func `a part that ends comes back as another process`() async throws {
        let state = try TemporaryState()
        let folder = state.folder
        try folder.make()
        try await run(child("exec sleep 1000"), in: folder) { gate in
            try await gate.wait()
            try await eventually("the first process") { identity(folder) != nil }
            let first = try #require(identity(folder))
            kill(first.pid, SIGKILL)
            try await eventually("the second process") { identity(folder).map { $0 != first } ?? false }
        }
    }
}
