// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// The user's own configuration: which platform, and the token for it (specs/cli.md §9).
struct UserConfiguration: Hashable, Codable {
    /// The API's address.
    var api: String?
    /// The token; it lets its holder do everything, so the file is the user's alone.
    var token: String?

    static let defaultAPI = "http://127.0.0.1:7777"

    /// `$XDG_CONFIG_HOME/forge/config.json`, or in `~/.config`.
    static func path(_ surroundings: Surroundings) throws -> String {
        if let folder = surroundings.variable("XDG_CONFIG_HOME") { return "\(folder)/forge/config.json" }
        guard let home = surroundings.variable("HOME") else {
            throw CommandFailure("usage", "neither XDG_CONFIG_HOME nor HOME is set; set one of them", .usage)
        }
        return "\(home)/.config/forge/config.json"
    }

    /// What the file says; nil when there is none. A file that others can read is refused: it holds a token.
    static func read(at path: String) throws -> UserConfiguration? {
        guard let file = try TextFile.read(path, limit: 64 << 10) else { return nil }
        guard file.mode & 0o077 == 0 else {
            throw CommandFailure(
                "permission",
                "\(path) holds a token and others can read it: chmod 600 \(path)",
                .permission
            )
        }
        do {
            return try JSONDecoder().decode(UserConfiguration.self, from: Data(file.bytes))
        } catch {
            throw CommandFailure(
                "invalid-configuration",
                "\(path) is not what forge up writes; remove it or mend it",
                .data
            )
        }
    }

    /// Replaces the file, readable by the user only.
    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try TextFile.replace(path, with: Array(try encoder.encode(self)) + [UInt8(ascii: "\n")], mode: 0o600)
    }

    /// Makes a platform the one that the user's `forge` talks to; without a token, the one that is known stays.
    static func adopt(api: String, token: String?, _ session: Session) throws {
        let path = try path(session.surroundings)
        let old = try read(at: path)
        let new = UserConfiguration(api: api, token: token ?? old?.token)
        guard new != old else { return }
        try new.write(to: path)
        if let before = old?.api, before != api {
            session.note("forge talks to \(api) from now on, and not to \(before)")
        }
    }
}
