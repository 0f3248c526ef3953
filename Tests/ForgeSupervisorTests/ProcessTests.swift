// SPDX-License-Identifier: Apache-2.0

import ForgeTesting
import Glibc
import Testing

@testable import ForgeSupervisor

@Suite struct ProcessTests {
    private func shell(_ script: String) -> ChildCommand {
        ChildCommand("/bin/sh", ["-c", script], environment: ["PATH": "/usr/bin:/bin", "GREETING": "hello"])
    }

    @Test func `a child gets exactly its arguments and environment, and leaves its status`() async throws {
        let state = try TemporaryState()
        try state.folder.make()
        let run = try await ToolRun.perform(shell("env; exit 3"), scratch: state.folder.temporary)
        #expect(run.status == .exited(3))
        #expect(run.output.contains("GREETING=hello\n"))
        #expect(!run.output.contains("HOME="))
    }

    @Test func `a child has no open file of its parent's`() async throws {
        let state = try TemporaryState()
        try state.folder.make()
        let leaked = open("/dev/null", O_RDONLY)
        defer { close(leaked) }
        let run = try await ToolRun.perform(shell("ls /proc/$$/fd"), scratch: state.folder.temporary)
        let inherited = run.output.split(separator: "\n").map(String.init)
        #expect(inherited.contains("0") && !inherited.contains("\(leaked)"))
    }

    @Test func `a program that is not there fails with its name`() async throws {
        let state = try TemporaryState()
        try state.folder.make()
        let command = ChildCommand("/no/such/program", [], environment: [:])
        let run = try await ToolRun.perform(command, scratch: state.folder.temporary)
        #expect(run.status == .exited(127))
        #expect(run.output.contains("/no/such/program"))
    }

    @Test func `what is left of a child's group ends with it`() async throws {
        let state = try TemporaryState()
        try state.folder.make()
        let log = state.folder.log(of: "part")
        let process = try await ChildProcess.start(shell("sleep 1000 & echo $!; wait"), log: log, endsGroup: true)
        try await eventually("the grandchild's number") { LogFile(path: log).tail(1).first != nil }
        let grandchild = try #require(LogFile(path: log).tail(1).first.flatMap { Int32($0) })
        let identity = try #require(ProcessIdentity(of: grandchild))
        process.signal(SIGKILL)
        #expect(await process.exit() == .killed(signal: SIGKILL))
        try await eventually("the end of the grandchild") { !identity.isAlive }
    }

    @Test func `an identity is not another process with the same number`() async throws {
        let state = try TemporaryState()
        try state.folder.make()
        let process = try await ChildProcess.start(
            shell("sleep 1000"),
            log: state.folder.log(of: "part"),
            endsGroup: true
        )
        let identity = try #require(ProcessIdentity(of: process.pid))
        #expect(identity.isAlive)
        #expect(identity != ProcessIdentity(of: getpid()))
        try await identity.end(patience: .seconds(20))
        #expect(await process.exit() == .killed(signal: SIGTERM))
        #expect(!identity.isAlive)
    }

    @Test func `a waiter for readiness is let through, or gives up when cancelled`() async throws {
        let gate = Readiness()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<5 { group.addTask { try await gate.wait() } }
            gate.open()
            try await group.waitForAll()
        }
        try await gate.wait()
        let never = Readiness()
        let waiter = Task { try await never.wait() }
        waiter.cancel()
        await #expect(throws: CancellationError.self) { try await waiter.value }
    }

    @Test func `mount points are read with their escapes`() {
        let text = """
            36 35 98:0 /mnt1 /state/podman/storage/overlay rw,noatime master:1 - ext3 /dev/root rw
            37 35 98:0 /mnt1 /with\\040space rw - ext3 /dev/root rw
            broken
            """
        #expect(Leftovers.mountPoints(text) == ["/state/podman/storage/overlay", "/with space"])
    }
}
