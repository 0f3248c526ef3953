// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgeOCI
import Glibc

/// The folder that holds everything that one platform keeps, and the names in it (specs/supervisor.md §2).
package struct StateFolder: Hashable, Sendable {
    /// A socket's path has at most 107 bytes (unix(7)); the longest one below the folder has 32 of them.
    static let longestPath = 72

    /// The absolute path.
    package let path: String

    /// Names a folder; throws ``SupervisorError`` for a path that the parts of the platform could not work with.
    package init(_ path: String) throws {
        let plain = path.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || (0x2d...0x39).contains(byte)
                || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "@")
        }
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        guard path.hasPrefix("/"), plain, !parts.isEmpty, !parts.contains(".."), !parts.contains(".") else {
            throw SupervisorError(
                .invalid,
                "state folder '\(path)': use an absolute path without '..', of letters, digits, '.', '_', '+', '@' and '-'"
            )
        }
        self.path = "/" + parts.joined(separator: "/")
        guard self.path.utf8.count <= Self.longestPath else {
            throw SupervisorError(
                .invalid,
                "state folder '\(path)': use a path of at most \(Self.longestPath) bytes, sockets are below it"
            )
        }
    }

    /// Tells this platform apart from others on the machine, in the names of bridges, containers and run folders:
    /// `forge` for the one in the system's folder, else 12 hexadecimal digits.
    package var instance: String {
        path == Self.systemPath ? "forge" : String(Sha256.digest(of: path.utf8).hex.prefix(12))
    }

    private static let systemPath = "/var/lib/forge"

    /// Where the state is unless told otherwise: `/var/lib/forge` for root, else `$XDG_STATE_HOME/forge`.
    package static func standard(environment: [String: String], isRoot: Bool) throws -> StateFolder {
        if isRoot { return try StateFolder(systemPath) }
        if let base = environment["XDG_STATE_HOME"], base.hasPrefix("/") { return try StateFolder(base + "/forge") }
        guard let home = environment["HOME"], home.hasPrefix("/") else {
            throw SupervisorError(.invalid, "HOME is not set: name the state folder with --state")
        }
        return try StateFolder(home + "/.local/state/forge")
    }

    /// Makes the folders that are missing, for their owner only; an existing folder of another user is refused.
    package func make() throws {
        try Self.makeParents(of: path)
        for folder in [path, logs, processes, redis, registry, podman, temporary] { try Self.makePrivate(folder) }
    }

    private static func makeParents(of path: String) throws {
        var parent = ""
        for part in path.split(separator: "/").dropLast() {
            parent += "/" + part
            try makeFolder(parent, mode: 0o755)
        }
    }

    private static func makePrivate(_ folder: String) throws {
        try makeFolder(folder, mode: 0o700)
        let status = try FileStatus(of: folder)
        guard status.kind == .directory, status.uid == geteuid() else {
            throw SupervisorError(.refused, "'\(folder)' is not a folder of this user: choose another one with --state")
        }
        if status.mode & 0o077 != 0 { try SystemCallError.check("set the mode of", folder) { chmod(folder, 0o700) } }
    }

    private static func makeFolder(_ folder: String, mode: mode_t) throws {
        do {
            try SystemCallError.check("create", folder) { mkdir(folder, mode) }
        } catch let error as SystemCallError where error.code == EEXIST {}
    }

    // MARK: Names

    /// Held for the supervisor's life.
    package var lock: String { path + "/lock" }
    /// What a supervisor that is ready tells of itself.
    package var announcement: String { path + "/supervisor.json" }
    /// The settings that persist.
    package var settings: String { path + "/settings.json" }
    /// Each part's output.
    package var logs: String { path + "/log" }
    /// Which process each part is.
    package var processes: String { path + "/run" }
    /// Redis's folder.
    package var redis: String { path + "/redis" }
    /// Redis's socket.
    package var redisSocket: String { path + "/redis/redis.sock" }
    /// The registry's folder.
    package var registry: String { path + "/registry" }
    /// The registry's password, for user `forge`.
    package var registryPassword: String { path + "/registry.password" }
    /// The token of the user who started the platform first; forge up copies it into the user's configuration.
    package var adminToken: String { path + "/admin.token" }
    /// podman's folder.
    package var podman: String { path + "/podman" }
    /// podman's API.
    package var podmanSocket: String { path + "/podman.sock" }
    /// nginx's folder.
    package var router: String { path + "/router" }
    /// Scratch space; nothing in it outlives its use.
    package var temporary: String { path + "/tmp" }
    /// Touched by a role on a cluster for as long as it lives.
    package var heartbeat: String { path + "/alive" }
    /// The output of a part.
    package func log(of part: String) -> String { logs + "/\(part).log" }
}
