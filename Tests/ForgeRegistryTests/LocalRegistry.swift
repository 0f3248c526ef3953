// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

struct FixtureError: Error {
    let message: String
}

/// A real docker-registry on a free loopback port with its data in a temporary folder; gone with the value.
final class LocalRegistry {
    let host: String
    private let folder: String
    private let child: pid_t

    /// - Parameter user: with one, the registry asks for that name and password.
    init(user: (name: String, password: String)? = nil) async throws {
        folder = NSTemporaryDirectory() + "/forge-registry-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var configuration = """
            version: 0.1
            storage: {filesystem: {rootdirectory: "\(folder)/data"}, delete: {enabled: true}}
            http: {addr: "127.0.0.1:0", secret: test}

            """
        if let user {
            let htpasswd = try Self.spawn(["htpasswd", "-Bbn", user.name, user.password], output: folder + "/htpasswd")
            waitpid(htpasswd, nil, 0)
            configuration += "auth: {htpasswd: {realm: test, path: \"\(folder)/htpasswd\"}}\n"
        }
        try configuration.write(toFile: folder + "/config.yml", atomically: true, encoding: .utf8)
        let log = folder + "/log"
        child = try Self.spawn(["docker-registry", "serve", folder + "/config.yml"], output: log)
        let deadline = ContinuousClock.now + .seconds(60)
        var port: Substring?
        while port == nil, ContinuousClock.now < deadline {
            let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
            port = text.firstMatch(of: /listening on 127\.0\.0\.1:(\d+)/)?.output.1
            if port == nil { try await Task.sleep(for: .milliseconds(20)) }
        }
        host = "127.0.0.1:\(port ?? "")"
        guard port != nil else { throw FixtureError(message: "docker-registry does not listen") }
    }

    deinit {
        kill(child, SIGKILL)
        waitpid(child, nil, 0)
        try? FileManager.default.removeItem(atPath: folder)
    }

    private static func spawn(_ arguments: [String], output: String) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var pointers = arguments.map { strdup($0) } + [nil]
        defer { pointers.forEach { free($0) } }
        var child = pid_t()
        guard posix_spawnp(&child, arguments[0], &actions, nil, &pointers, environ) == 0 else {
            throw FixtureError(message: "cannot start \(arguments[0])")
        }
        return child
    }
}
