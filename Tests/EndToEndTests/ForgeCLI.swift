// SPDX-License-Identifier: Apache-2.0

import ForgeTesting
import Foundation
import Testing

/// The built `forge` binary against the platform that Tests/run.sh started; nothing here knows the code behind it.
enum ForgeCLI {
    private static let environment = ProcessInfo.processInfo.environment
    /// The folder of the binaries; without it there is no platform, and the suites are skipped.
    static let binaries = environment["FORGE_TEST_BINARIES"]
    /// The platform's state folder.
    static let state = environment["FORGE_STATE_DIR"] ?? ""
    /// Where the router answers: address and port.
    static let router = environment["FORGE_TEST_ROUTER"] ?? "127.0.0.1:8080"
    /// The cluster under the platform.
    static let isOnKubernetes = environment["FORGE_TEST_CLUSTER"] == "kubernetes"

    /// Runs `forge` to its end.
    static func run(_ arguments: String..., in folder: String = "/", with extra: [String: String] = [:]) async throws
        -> Output
    {
        try await start(arguments, in: folder, with: extra).end()
    }

    /// Starts `forge`; the caller takes its end.
    static func start(
        _ arguments: [String],
        in folder: String = "/",
        with extra: [String: String] = [:]
    ) throws -> RunningProgram {
        var variables = environment.merging(extra) { $1 }
        variables["FORGE_NO_INPUT"] = "1"
        return try RunningProgram("\(binaries ?? "")/forge", arguments, in: folder, environment: variables)
    }

    /// A GET of a page of an app, through the router.
    static func page(_ host: String, _ path: String = "/") async throws -> Output {
        try await RunningProgram(
            "/usr/bin/curl",
            ["-sS", "-i", "--max-time", "20", "--connect-to", "::\(router)", "http://\(host).localhost\(path)"],
            in: "/",
            environment: environment
        ).end()
    }
}

/// What a program printed, and its exit code.
struct Output {
    let status: Int32
    let stdout: String
    let stderr: String

    /// All of it, for the comment of a failed expectation.
    var all: Comment { "exit \(status)\n--- stdout\n\(stdout)\n--- stderr\n\(stderr)" }
    /// The lines of stdout as JSON objects.
    var objects: [[String: Any]] {
        stdout.split(separator: "\n").compactMap {
            (try? JSONSerialization.jsonObject(with: Data($0.utf8))) as? [String: Any]
        }
    }
}

/// A child process whose output goes to files, so that it can be read while it runs.
final class RunningProgram {
    let pid: pid_t
    private let folder: URL

    init(_ path: String, _ arguments: [String], in folder: String, environment: [String: String]) throws {
        let files = FileManager.default.temporaryDirectory.appending(path: "forge-run-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
        self.folder = files
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        for (descriptor, name) in [(1, "stdout"), (2, "stderr")] {
            let file = files.appending(path: name).path
            posix_spawn_file_actions_addopen(&actions, Int32(descriptor), file, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The threads of a test run block signals; a child that inherited that would ignore Ctrl-C.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var words = (["/usr/bin/env", "-C", folder, path] + arguments).map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { (words + variables).forEach { free($0) } }
        var pid: pid_t = 0
        let status = posix_spawn(&pid, "/usr/bin/env", &actions, &attributes, &words, &variables)
        guard status == 0 else { throw CocoaError(.executableNotLoadable, userInfo: [NSFilePathErrorKey: path]) }
        self.pid = pid
    }

    private func text(_ name: String) -> String {
        String(decoding: (try? Data(contentsOf: folder.appending(path: name))) ?? Data(), as: UTF8.self)
    }

    /// Sends a signal.
    func send(_ signal: Int32) { kill(pid, signal) }

    /// Waits until it has printed a text.
    func print(contains text: String, within seconds: Int = 120) async throws {
        try await eventually("it prints '\(text)'", within: seconds) {
            self.text("stdout").contains(text) || self.text("stderr").contains(text)
        }
    }

    /// Waits for its end.
    func end(within seconds: Int = 300) async throws -> Output {
        var status: Int32 = 0
        try await eventually("it ends", within: seconds) { waitpid(self.pid, &status, WNOHANG) == self.pid }
        let output = Output(
            status: (status & 0x7f) == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f),
            stdout: text("stdout"),
            stderr: text("stderr")
        )
        try? FileManager.default.removeItem(at: folder)
        return output
    }
}
