// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ForgeSupervisor

@Suite struct ProgramSearchTests {
    @Test func `everything that is missing is named at once, with the packages`() {
        let needs: [ProgramSearch.Need] = [
            .init("sh", from: "dash"), .init("no-such-program", from: "zeta"), .init("/no/such/file.so", from: "alpha"),
            .init("no-other-program", from: "zeta"),
        ]
        let error = #expect(throws: SupervisorError.self) { try ProgramSearch(path: nil).check(needs) }
        #expect(
            error?.message == """
                not installed: no-such-program, /no/such/file.so, no-other-program
                  apt-get install --no-install-recommends alpha zeta
                """
        )
        #expect(error?.code.exitStatus == 69)
    }

    @Test func `folders of PATH come first, relative ones are ignored`() {
        let search = ProgramSearch(path: "/usr/bin:relative:")
        #expect(search.folders.first == "/usr/bin")
        #expect(search.find("sh") == "/usr/bin/sh")
        #expect(!search.folders.contains("relative"))
    }

    @Test func `a runtime of this machine makes a container`() async throws {
        let state = try TemporaryState()
        try state.folder.make()
        let runtime = try await OCIRuntime(programs: ProgramSearch(path: nil)).probe(scratch: state.folder.temporary)
        #expect(runtime.hasSuffix("runc") || runtime.hasSuffix("crun"))
        #expect(try StateFile.read(state.folder.temporary + "/config.json") == nil)
    }

    @Test func `one runtime is enough, and none is named as missing`() {
        #expect(OCIRuntime.needs(ProgramSearch(path: nil)).isEmpty)
        #expect(OCIRuntime.needs(ProgramSearch(folders: ["/nowhere"])) == [.init("runc", from: "runc")])
    }

    @Test func `without a runtime each one's reason is told`() async throws {
        let state = try TemporaryState()
        try state.folder.make()
        let search = ProgramSearch(folders: ["/nowhere"])
        let error = await #expect(throws: SupervisorError.self) {
            try await OCIRuntime(programs: search).probe(scratch: state.folder.temporary)
        }
        #expect(error?.message.contains("runc: not installed\n  crun: not installed") == true)
    }

    @Test func `a port that is in use is no free one`() throws {
        let free = try LoopbackPort.anyFree()
        #expect((1...65_535).contains(free))
        #expect(LoopbackPort.isFree(free))
    }
}
