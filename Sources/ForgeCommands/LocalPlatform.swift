// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc

/// The platform of one state folder on this machine, as its supervisor's files tell (specs/supervisor.md).
struct LocalPlatform {
    /// What the supervisor says once everything answers.
    struct Announcement: Codable {
        let pid: Int32
        let api: String
        let router: String
        let ready: Bool
    }

    /// The state folder.
    let folder: String

    /// The folder that is meant: flag, then environment, then `/var/lib/forge` for root and the user's state folder for
    /// others.
    init(_ flag: String?, _ surroundings: Surroundings) throws {
        let named = flag ?? surroundings.variable("FORGE_STATE_DIR")
        if let named { folder = try Self.absolute(named) } else { folder = try Self.standard(surroundings) }
    }

    /// What its parts write, for people to read when something is wrong.
    var log: String { "\(folder)/log/supervise.log" }
    /// Where the first start leaves the token.
    private var tokenFile: String { "\(folder)/admin.token" }
    private var lock: String { "\(folder)/lock" }

    /// The process that supervises it; nil when none does. The kernel frees the lock with the process, so this is never
    /// an old one.
    func supervisor() throws -> Int32? {
        let descriptor = open(lock, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw CommandFailure(
                "permission",
                "\(lock) cannot be opened: \(String(cString: strerror(errno)))",
                .permission
            )
        }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) != 0 else { return nil }
        let text = try TextFile.read(lock, limit: 64).map { String(decoding: $0.bytes, as: UTF8.self) } ?? ""
        // A supervisor that has just taken the lock writes its number a moment later.
        return Int32(text) ?? 0
    }

    /// What its supervisor announced; nil before everything answers.
    func announcement() throws -> Announcement? {
        guard let file = try TextFile.read("\(folder)/supervisor.json", limit: 64 << 10) else { return nil }
        return try? JSONDecoder().decode(Announcement.self, from: Data(file.bytes))
    }

    /// How much its log has by now.
    var loggedBytes: Int {
        var status = stat()
        return stat(log, &status) == 0 ? Int(status.st_size) : 0
    }

    /// The last lines that its log got after it had that many bytes; at most ten.
    func logged(after bytes: Int) -> [String] {
        guard let file = try? TextFile.read(log, limit: 64 << 20) else { return [] }
        let lines = String(decoding: file.bytes.dropFirst(bytes), as: UTF8.self).split(whereSeparator: \.isNewline)
        return lines.suffix(10).map { String($0).withoutControls }
    }

    /// The token that its first start made; nil when its file is gone.
    func token() throws -> String? {
        guard let file = try TextFile.read(tokenFile, limit: 4 << 10) else { return nil }
        let lines = String(decoding: file.bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        return lines.first.map(String.init)
    }

    /// A path that holds for a program in another folder.
    static func absolute(_ path: String) throws -> String {
        if path.hasPrefix("/") { return path }
        guard let current = getcwd(nil, 0) else {
            throw CommandFailure("usage", "the current folder is gone; write the path from /", .usage)
        }
        defer { free(current) }
        return "\(String(cString: current))/\(path)"
    }

    private static func standard(_ surroundings: Surroundings) throws -> String {
        if geteuid() == 0 { return "/var/lib/forge" }
        if let base = surroundings.variable("XDG_STATE_HOME") { return "\(base)/forge" }
        guard let home = surroundings.variable("HOME") else {
            throw CommandFailure("usage", "HOME is not set; name the state folder with --state", .usage)
        }
        return "\(home)/.local/state/forge"
    }
}
