// SPDX-License-Identifier: Apache-2.0

import ForgeLaunch
import ForgeOCI

/// A buildpack of a group: which, and as what it takes part.
struct GroupEntry: Hashable, Sendable, Codable {
    var id: String
    var version: String
    var api: String?
    var homepage: String?
    var optional: Bool?

    var key: String { "\(id)@\(version)" }
    var directoryName: String { LaunchMetadata.Buildpack.directoryName(id) }
}

/// The detected group, `group.toml` (platform specification, group.toml).
struct BuildpackGroup: Hashable, Sendable, Codable {
    var group: [GroupEntry]

    /// Reads the file. Throws ``PhaseError`` when it is missing.
    static func read(_ path: String) throws -> BuildpackGroup {
        guard let group = try TOMLText.read(Self.self, path), !group.group.isEmpty else {
            throw PhaseError(PhaseError.Code.generic, "'\(path)' is missing or has no group; run the detector first")
        }
        return group
    }

    func write(_ path: String) throws {
        let entries = group.map { entry in
            var table: [String: JSONValue] = ["id": .string(entry.id), "version": .string(entry.version)]
            table["api"] = entry.api.map(JSONValue.string)
            table["homepage"] = entry.homepage.map(JSONValue.string)
            return JSONValue.object(table)
        }
        try TextFile.write(path, TOMLText.write(["group": .array(entries)]))
    }
}
