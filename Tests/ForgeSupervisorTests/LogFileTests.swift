// SPDX-License-Identifier: Apache-2.0

import ForgeTesting
import Testing

@testable import ForgeSupervisor

@Suite struct LogFileTests {
    @Test func `a log that is too long is moved away, and its writer goes on`() async throws {
        let state = try TemporaryState()
        try state.folder.make()
        let log = LogFile(path: state.folder.log(of: "part"))
        let script = "while read line; do echo \"$line\"; done; sleep 1000"
        let input = state.folder.temporary + "/input"
        try StateFile.replace(input, with: Array("first\nsecond\n".utf8))
        let shell = ChildCommand("/bin/sh", ["-c", script], environment: ["PATH": "/usr/bin:/bin"])
        let process = try await ChildProcess.start(shell, log: log.path, input: input, endsGroup: true)
        try await eventually("two lines") { log.tail(5) == ["first", "second"] }
        try log.rotate(limit: 4)
        #expect(log.tail(5).isEmpty)
        #expect(LogFile(path: log.path + ".1").tail(5) == ["first", "second"])
        process.signal(9, group: true)
        #expect(await process.exit() == .killed(signal: 9))
    }

    @Test func `every log in the folder is kept short, and nothing else`() throws {
        let state = try TemporaryState()
        try state.folder.make()
        let names = ["redis", "supervise"]
        for name in names { try StateFile.replace(state.folder.log(of: name), with: Array("long\n".utf8)) }
        try StateFile.replace(state.folder.logs + "/notes", with: Array("long\n".utf8))
        try LogRotation.rotate(in: state.folder.logs, limit: 4)
        for name in names {
            let log = LogFile(path: state.folder.log(of: name))
            #expect(log.tail(1).isEmpty)
            #expect(LogFile(path: log.path + ".1").tail(1) == ["long"])
        }
        #expect(LogFile(path: state.folder.logs + "/notes").tail(1) == ["long"])
    }

    @Test func `only the end is shown`() throws {
        let state = try TemporaryState()
        try state.folder.make()
        let log = LogFile(path: state.folder.log(of: "part"))
        #expect(log.tail(3).isEmpty)
        let text = (1...5000).map { "line \($0)" }.joined(separator: "\n")
        try StateFile.replace(log.path, with: Array(text.utf8))
        #expect(log.tail(2) == ["line 4999", "line 5000"])
    }
}
