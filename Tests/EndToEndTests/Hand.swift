// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What someone with access to the cluster does there, past the platform.
enum Hand {
    /// Removes what runs an app's web process.
    static func removeWeb(of app: String) async throws {
        if ForgeCLI.isOnKubernetes {
            let gone = try await run(
                "/usr/bin/kubectl",
                ["-n", "forge-apps", "delete", "deployment", "\(app)-web", "--wait=false"]
            )
            #expect(gone.status == 0, gone.all)
            return
        }
        let names = try await podman("GET", "json?all=true").stdout.matches(of: /"([0-9a-z.-]+)"/).map(\.output.1)
        let containers = names.filter { $0.contains(".\(app).web.") }
        #expect(!containers.isEmpty)
        for name in Set(containers) {
            let gone = try await podman("DELETE", "\(name)?force=true")
            #expect(gone.status == 0, gone.all)
        }
    }

    /// A call of podman's own API.
    private static func podman(_ method: String, _ path: String) async throws -> Output {
        try await run(
            "/usr/bin/curl",
            [
                "-sS", "--fail", "--max-time", "60", "--unix-socket", "\(ForgeCLI.state)/podman.sock", "-X", method,
                "http://d/v4.0.0/libpod/containers/\(path)",
            ]
        )
    }

    private static func run(_ program: String, _ arguments: [String]) async throws -> Output {
        try await RunningProgram(program, arguments, in: "/", environment: ProcessInfo.processInfo.environment).end()
    }
}
