// SPDX-License-Identifier: Apache-2.0

import ForgeClient
import ForgeHTTP

extension LocalPlatform {
    /// Waits until the supervisor says that it is ready and the API answers, or until the child has ended without that.
    ///
    /// - Parameters:
    ///   - child: the supervisor, when it was started just now.
    ///   - logged: how much the log had before that.
    func ready(child: Int32?, logged: Int, timeout: Duration) async throws -> Announcement {
        let end = ContinuousClock.now + timeout
        let transport = HTTPTransport()
        defer { transport.close() }
        while ContinuousClock.now < end {
            // A supervisor that was killed leaves its announcement, and the next one removes it only after a while.
            if let supervisor = try supervisor(), let announcement = try announcement(), announcement.ready,
                announcement.pid == supervisor
            {
                let client = ForgeClient(endpoint: announcement.api, token: nil, transport: transport)
                if await client.isHealthy() { return announcement }
            }
            // Another `forge up` may have been faster: then that one's supervisor is the one to wait for.
            if let child, DaemonProgram.hasEnded(child), try supervisor() == nil {
                let lines = self.logged(after: logged).map { "\n      \($0)" }.joined()
                let said = lines.isEmpty ? "it said nothing in \(log)" : "\(log) says:\(lines)"
                throw CommandFailure("start-failed", "the platform did not start; \(said)", .failed)
            }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw CommandFailure(
            "timed-out",
            "the platform is not ready after \(timeout.components.seconds) s and goes on starting; \(log) says what it does",
            .pending
        )
    }
}
