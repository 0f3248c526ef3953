// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// A real docker-registry on a free loopback port, its data in a folder of its own; both are gone with the value.
package final class RunningRegistry: Sendable {
    /// Why there is none.
    package struct Failure: Error, CustomStringConvertible {
        /// What did not work, with what the program said.
        package let description: String
    }

    /// Host and port, as in image references.
    package let host: String
    private let process: Process
    private let folder: String

    /// Starts one that listens and allows deletes.
    ///
    /// - Parameters:
    ///   - parent: where its folder is made.
    ///   - user: with one, the registry asks for that name and password.
    package init(
        below parent: String = NSTemporaryDirectory(),
        user: (name: String, password: String)? = nil
    ) async throws {
        folder = "\(parent)/forge-registry-\(UUID().uuidString)"
        process = Process()
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            var configuration = """
                version: 0.1
                storage: {filesystem: {rootdirectory: "\(folder)/data"}, delete: {enabled: true}}
                http: {addr: "127.0.0.1:0", secret: test}

                """
            if let user {
                let htpasswd = Process()
                try Self.run(htpasswd, ["htpasswd", "-Bbn", user.name, user.password], output: "\(folder)/htpasswd")
                htpasswd.waitUntilExit()
                configuration += "auth: {htpasswd: {realm: test, path: \"\(folder)/htpasswd\"}}\n"
            }
            try configuration.write(toFile: "\(folder)/config.yml", atomically: true, encoding: .utf8)
            try Self.run(process, ["docker-registry", "serve", "\(folder)/config.yml"], output: "\(folder)/log")
            host = try await Self.address(of: process, log: "\(folder)/log")
        } catch {
            Self.end(process, folder)
            throw error
        }
    }

    deinit { stop() }

    /// Ends it and removes its data; nothing listens on its port afterwards.
    package func stop() { Self.end(process, folder) }

    private static func end(_ process: Process, _ folder: String) {
        if process.isRunning {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        try? FileManager.default.removeItem(atPath: folder)
    }

    private static func run(_ process: Process, _ words: [String], output: String) throws {
        try Data().write(to: URL(filePath: output))
        let file = try FileHandle(forWritingTo: URL(filePath: output))
        process.executableURL = URL(filePath: "/usr/bin/\(words[0])")
        process.arguments = Array(words.dropFirst())
        process.standardOutput = file
        process.standardError = file
        try process.run()
    }

    /// The registry chooses its port itself and logs it once it listens.
    private static func address(of process: Process, log: String) async throws -> String {
        var address: Substring?
        try await eventually("docker-registry listens") {
            let text = try String(contentsOfFile: log, encoding: .utf8)
            address = text.firstMatch(of: /listening on (127\.0\.0\.1:\d+)/)?.output.1
            if address == nil, !process.isRunning { throw Failure(description: "docker-registry has ended: \(text)") }
            return address != nil
        }
        guard let address else { throw Failure(description: "docker-registry names no address") }
        return String(address)
    }
}
