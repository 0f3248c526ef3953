// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc

/// The program `forged`, started so that it outlives the terminal.
struct DaemonProgram {
    /// `POSIX_SPAWN_SETSID` of glibc's spawn.h, which is not imported.
    private static let newSession: Int16 = 0x80

    /// Its path.
    let path: String

    /// Finds it: `FORGED`, then beside this program, then `PATH`.
    init(_ surroundings: Surroundings) throws {
        var candidates: [String] = []
        if let named = surroundings.variable("FORGED") {
            candidates = [named]
        } else {
            if let own = Self.ownFolder() { candidates.append("\(own)/forged") }
            candidates += (surroundings.variable("PATH") ?? "").split(separator: ":").map { "\($0)/forged" }
        }
        guard let found = candidates.first(where: { access($0, X_OK) == 0 }) else {
            let place = surroundings.variable("FORGED").map { "FORGED names \($0), which cannot be run" }
            throw CommandFailure(
                "no-daemon",
                "there is no forged to start: \(place ?? "it is not beside forge and not in PATH; FORGED may name it")",
                .unavailable
            )
        }
        path = found
    }

    private static func ownFolder() -> String? {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = buffer.withUnsafeMutableBytes { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                characters.baseAddress.map { readlink("/proc/self/exe", $0, characters.count) } ?? -1
            }
        }
        guard count > 0 else { return nil }
        let path = String(decoding: buffer[..<count], as: UTF8.self)
        return path.lastIndex(of: "/").map { String(path[..<$0]) }
    }

    /// Starts it in a session of its own, without input, with its output added to a log.
    func start(_ arguments: [String], log: String) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // Whatever else is open here, such as a script's pipe or lock, must not stay open for as long as the platform runs.
        for descriptor in Self.openDescriptors() { posix_spawn_file_actions_addclose(&actions, descriptor) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Self.newSession)
        var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        var child = pid_t()
        let fault = posix_spawn(&child, path, &actions, &attributes, &words, environ)
        guard fault == 0 else {
            throw CommandFailure(
                "no-daemon",
                "\(path) cannot be started: \(String(cString: strerror(fault)))",
                .unavailable
            )
        }
        return child
    }

    /// Every descriptor from 3 up to the highest that is open; one between them that is not open is closed for nothing.
    private static func openDescriptors() -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        let highest = names.compactMap { Int32($0) }.max() ?? 2
        return Array(3..<max(4, highest + 1))
    }

    /// Whether a process that `start` gave has ended.
    static func hasEnded(_ child: pid_t) -> Bool {
        var status: Int32 = 0
        return waitpid(child, &status, WNOHANG) != 0
    }
}
