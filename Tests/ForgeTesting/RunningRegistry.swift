// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Synchronization

/// A real docker-registry on a free loopback port, its data in a folder of its own; both are gone with the value.
package final class RunningRegistry: Sendable {
    /// Why there is none.
    package struct Failure: Error, CustomStringConvertible {
        /// What did not work, with what the program said.
        package let description: String
    }

    /// Host and port, as in image references.
    package let host: String
    private let process: Mutex<Process>
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
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            if let user {
                let htpasswd = try Self.run(
                    ["htpasswd", "-Bbn", user.name, user.password],
                    output: "\(folder)/htpasswd"
                )
                htpasswd.waitUntilExit()
            }
            // With port 0 the registry chooses one itself.
            let process = try Self.start(folder, address: "127.0.0.1:0")
            self.process = Mutex(process)
            do {
                host = try await Self.address(of: process, log: "\(folder)/log")
            } catch {
                Self.end(process)
                throw error
            }
        } catch {
            try? FileManager.default.removeItem(atPath: folder)
            throw error
        }
    }

    deinit { stop() }

    /// Ends it and removes its data; nothing listens on its port afterwards.
    package func stop() {
        kill()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Ends it in the middle of whatever it does; its data stays.
    package func kill() { process.withLock { Self.end($0) } }

    /// Starts it again after ``kill()``, with the same data on the same port.
    package func restart() async throws {
        let started = try Self.start(folder, address: host)
        process.withLock { $0 = started }
        _ = try await Self.address(of: started, log: "\(folder)/log")
    }

    private static func end(_ process: Process) {
        guard process.isRunning else { return }
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    private static func start(_ folder: String, address: String) throws -> Process {
        var configuration = """
            version: 0.1
            storage: {filesystem: {rootdirectory: "\(folder)/data"}, delete: {enabled: true}}
            http: {addr: "\(address)", secret: test}

            """
        if FileManager.default.fileExists(atPath: "\(folder)/htpasswd") {
            configuration += "auth: {htpasswd: {realm: test, path: \"\(folder)/htpasswd\"}}\n"
        }
        try configuration.write(toFile: "\(folder)/config.yml", atomically: true, encoding: .utf8)
        return try run(["docker-registry", "serve", "\(folder)/config.yml"], output: "\(folder)/log")
    }

    private static func run(_ words: [String], output: String) throws -> Process {
        try Data().write(to: URL(filePath: output))
        let file = try FileHandle(forWritingTo: URL(filePath: output))
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/\(words[0])")
        process.arguments = Array(words.dropFirst())
        process.standardOutput = file
        process.standardError = file
        try process.run()
        return process
    }

    /// The address that the registry logs once it listens.
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
