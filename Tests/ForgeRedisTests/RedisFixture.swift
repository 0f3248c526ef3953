// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgeTesting
import FoundationEssentials
import Glibc
import Synchronization

@testable import ForgeRedis

extension RedisLink {
    /// A link of its own.
    init(_ settings: RedisSettings) { self.init(RedisConnector(settings)) }
}

/// A redis-server of a test's own: on a Unix socket in a folder that is gone afterwards.
final class RedisFixture: Sendable {
    struct Failure: Error { let reason: String }

    let folder: String
    private let options: [String]
    private let process = Mutex<pid_t?>(nil)

    var settings: RedisSettings { RedisSettings(.unix(path: "\(folder)/r.sock"), timeout: TimeSpan(seconds: 20)) }

    private init(options: [String]) throws {
        var template = Array("/tmp/forge-redis-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(reason: "mkdtemp: \(String(cString: strerror(errno)))") }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        self.options = options
    }

    /// Gives the body a running server; options of redis-server come after the usual ones.
    static func with<Value>(
        options: [String] = [],
        isolation: isolated (any Actor)? = #isolation,
        _ body: (RedisFixture) async throws -> Value
    ) async throws -> Value {
        let fixture = try RedisFixture(options: options)
        let result: Result<Value, any Error>
        do {
            try await fixture.start()
            result = .success(try await body(fixture))
        } catch {
            result = .failure(error)
        }
        try await fixture.kill()
        try FileManager.default.removeItem(atPath: fixture.folder)
        return try result.get()
    }

    /// Starts the server, and returns when it answers.
    func start() async throws {
        let arguments =
            [
                "redis-server", "--port", "0", "--unixsocket", "\(folder)/r.sock", "--dir", folder, "--save", "",
                "--appendonly", "yes", "--appendfsync", "always", "--logfile", "\(folder)/log",
            ] + options
        var pid: pid_t = 0
        var words = arguments.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        let status = posix_spawnp(&pid, "redis-server", nil, nil, &words, environ)
        guard status == 0 else { throw Failure(reason: "redis-server: \(String(cString: strerror(status)))") }
        process.withLock { $0 = pid }
        let link = RedisLink(settings)
        try await eventually("redis-server answers") { (try? await link.command(["DBSIZE"])) != nil }
    }

    /// Ends the server as a power cut would.
    func kill() async throws {
        guard let pid = process.withLock({ $0.take() }) else { return }
        _ = Glibc.kill(pid, SIGKILL)
        try await eventually("redis-server has ended") { waitpid(pid, nil, WNOHANG) == pid }
    }

    /// Stops the server from answering, or lets it go on; its socket stays open.
    func freeze(_ isFrozen: Bool) {
        if let pid = process.withLock({ $0 }) { _ = Glibc.kill(pid, isFrozen ? SIGSTOP : SIGCONT) }
    }
}
