// SPDX-License-Identifier: Apache-2.0

import Glibc
import ServiceLifecycle

/// What a supervisor says of itself in `supervisor.json` while the platform is ready (specs/supervisor.md §5).
package struct Announcement: Hashable, Sendable, Codable {
    /// The supervisor's process id.
    package let pid: Int32
    /// Where the API is: `http://127.0.0.1:7777`.
    package let api: String
    /// Where the router is: `http://127.0.0.1:8080`.
    package let router: String
    /// Where the registry is: `127.0.0.1:40123`.
    package let registry: String
    /// Whether every part answers.
    package let ready: Bool

    /// Describes a platform that is ready.
    package init(pid: Int32, settings: Settings) {
        self.pid = pid
        api = "http://127.0.0.1:\(settings.apiPort)"
        router = "http://127.0.0.1:\(settings.httpPort)"
        registry = "127.0.0.1:\(settings.registryPort)"
        ready = true
    }

    /// What the supervisor of a folder announces; throws `unavailable` when the platform is not up.
    package static func load(_ folder: StateFolder) throws -> Announcement {
        guard let announcement = try StateFile.load(Announcement.self, from: folder.announcement), announcement.ready,
            try StateLock.isHeld(folder)
        else { throw SupervisorError(.unavailable, "the platform in '\(folder.path)' is not up: forge up starts it") }
        return announcement
    }
}

/// Writes the announcement when all parts are ready, and removes it when all have ended.
struct Announcer: Service {
    let folder: StateFolder
    let announcement: Announcement
    let parts: [Readiness]

    func run() async throws {
        defer { unlink(folder.announcement) }
        try? await cancelWhenGracefulShutdown {
            for part in parts { try await part.wait() }
            try StateFile.save(announcement, to: folder.announcement)
        }
        try? await gracefulShutdown()
    }
}
