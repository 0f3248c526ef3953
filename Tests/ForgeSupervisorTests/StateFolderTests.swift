// SPDX-License-Identifier: Apache-2.0

import ForgeOCI
import Glibc
import Testing

@testable import ForgeSupervisor

@Suite struct StateFolderTests {
    @Test(arguments: ["relative", "/", "/a/../b", "/with space", "/quo\"te", "/" + String(repeating: "a", count: 80)])
    func `paths that the parts could not work with are refused`(path: String) {
        #expect(throws: SupervisorError.self) { try StateFolder(path) }
    }

    @Test func `root has a system folder, others one of their own`() throws {
        #expect(try StateFolder.standard(environment: [:], isRoot: true).path == "/var/lib/forge")
        let home = try StateFolder.standard(environment: ["HOME": "/home/ana"], isRoot: false)
        #expect(home.path == "/home/ana/.local/state/forge")
        let named = ["HOME": "/home/ana", "XDG_STATE_HOME": "/data/ana"]
        #expect(try StateFolder.standard(environment: named, isRoot: false).path == "/data/ana/forge")
    }

    @Test func `platforms on one machine have names of their own`() throws {
        #expect(try StateFolder("/var/lib/forge").instance == "forge")
        let names = try ["/srv/a", "/srv/b", "/srv/a/"].map { try StateFolder($0).instance }
        #expect(names[0] != names[1])
        #expect(names[0] == names[2])
        #expect(names[0].utf8.count == 12)
    }

    @Test func `folders are for their owner only`() throws {
        let state = try TemporaryState()
        try state.folder.make()
        chmod(state.folder.path, 0o755)
        try state.folder.make()
        for path in [state.folder.path, state.folder.redis, state.folder.registry, state.folder.logs] {
            #expect(try FileStatus(of: path).mode == 0o700)
        }
    }

    @Test func `a second supervisor is told who holds the folder`() throws {
        let state = try TemporaryState()
        try state.folder.make()
        let first = try StateLock.take(state.folder)
        let error = #expect(throws: SupervisorError.self) { try StateLock.take(state.folder) }
        #expect(error?.code == .locked)
        #expect(error?.code.exitStatus == 75)
        #expect(error?.message.contains(String(getpid())) == true)
        withExtendedLifetime(first) {}
    }

    @Test func `the lock is free again when its holder is gone`() throws {
        let state = try TemporaryState()
        try state.folder.make()
        for _ in 0..<2 {
            let lock = try StateLock.take(state.folder)
            #expect(try StateLock.isHeld(state.folder))
            withExtendedLifetime(lock) {}
        }
        #expect(try !StateLock.isHeld(state.folder))
    }

    @Test func `files are replaced as a whole and private`() throws {
        let state = try TemporaryState()
        try state.folder.make()
        let path = state.folder.path + "/file"
        #expect(try StateFile.read(path) == nil)
        try StateFile.replace(path, with: Array("one".utf8))
        try StateFile.replace(path, with: Array("two".utf8))
        #expect(try StateFile.read(path) == Array("two".utf8))
        #expect(try FileStatus(of: path).mode == 0o600)
        #expect(try !Directory.names(in: state.folder.path).contains("file.new"))
    }
}
