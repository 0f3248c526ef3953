// SPDX-License-Identifier: Apache-2.0

import ForgeCommands
import ForgeEngine
import ForgeModel
import ForgeServer
import ForgeServerTesting
import ForgeTesting
import Testing

/// `forge logs` against the real API server.
@Suite struct LogsTests {
    private func line(_ number: Int, _ instance: String = "web.1", second: Int) -> LogLine {
        let at = CommandLineFixture.moment.adding(milliseconds: second * 1000)
        return LogLine(at: at, process: .web, instance: instance, text: "line \(number)")
    }

    @Test func `following survives a restart of the platform, and shows each line once`() async throws {
        let platform = await TestPlatform()
        _ = try await platform.store.commit(
            Sample.app,
            .run(Sample.manifest(), source: Sample.digest("a")),
            by: "ana",
            at: TestPlatform.moment,
            expected: nil
        )
        // An address of its own: between the two servers, no other test can take the port.
        let address = "127.77.0.2"
        var settings = APISettings(address: address, port: 0, hosts: [address])
        settings.port = try await platform.serve(settings) { $0 }
        var fixture = try CommandLineFixture(token: platform.token.secret)
        fixture.environment["FORGE_API_URL"] = "http://\(address):\(settings.port)"
        let forge = fixture
        defer { forge.remove() }
        for number in 1...3 { platform.cluster.write(line(number, second: number)) }
        let running = try await platform.serve(settings) { _ in
            let running = Task { await forge.run("logs", "shop", "--follow", "-n", "2") }
            try await eventually("the newest lines are shown") { forge.shown(.output).contains("line 3") }
            return running
        }
        platform.cluster.write(line(4, second: 3))
        platform.cluster.write(line(5, "web.2", second: 1))
        platform.cluster.write(line(6, "web.2", second: 3))
        try await platform.serve(settings) { _ in
            try await eventually("what was written meanwhile is shown") { forge.shown(.output).contains("line 6") }
            running.cancel()
        }
        let outcome = await running.value
        #expect(outcome.status == ExitStatus.interrupted.rawValue)
        #expect(outcome.lines.compactMap { $0.last } == ["2", "3", "4", "6"])
        #expect(outcome.error.contains("the platform is back"))
    }
}
