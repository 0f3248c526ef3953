// SPDX-License-Identifier: Apache-2.0

import ForgeOCI

/// What a buildpack's detection wrote to its build plan (buildpack specification, Build Plan).
struct DetectedPlan: Hashable, Sendable, Decodable {
    struct Provide: Hashable, Sendable, Decodable {
        var name: String
    }

    /// One way in which the buildpack can take part.
    struct Option: Hashable, Sendable, Decodable {
        var provides: [Provide]?
        var requires: [BuildPlan.Require]?
    }

    var provides: [Provide]?
    var requires: [BuildPlan.Require]?
    var or: [Option]?

    /// Every way, the first written first.
    var options: [Option] { [Option(provides: provides, requires: requires)] + (or ?? []) }

    static let empty = DetectedPlan(provides: nil, requires: nil, or: nil)
}

/// The resolved plan, `plan.toml` (platform specification, plan.toml).
struct BuildPlan: Hashable, Sendable, Codable {
    struct Require: Hashable, Sendable, Codable {
        var name: String
        var version: String?
        var metadata: JSONValue?

        var toml: JSONValue {
            var table: [String: JSONValue] = ["name": .string(name)]
            table["metadata"] = metadata?.object.flatMap { $0.isEmpty ? nil : .object($0) }
            return .object(table)
        }
    }

    struct Provider: Hashable, Sendable, Codable {
        var id: String
        var version: String
    }

    /// One thing that is provided and required.
    struct Entry: Hashable, Sendable, Codable {
        var providers: [Provider]
        var requires: [Require]
    }

    var entries: [Entry]?

    func write(_ path: String) throws {
        let tables = (entries ?? []).map { entry in
            JSONValue.object([
                "providers": .array(
                    entry.providers.map { .object(["id": .string($0.id), "version": .string($0.version)]) }
                ),
                "requires": .array(entry.requires.map(\.toml)),
            ])
        }
        try TextFile.write(path, tables.isEmpty ? "" : TOMLText.write(["entries": .array(tables)]))
    }

    /// What a buildpack has to meet: the requires of the entries that it provides.
    func requires(providedBy entry: GroupEntry) -> [Require] {
        (entries ?? []).filter { $0.providers.contains { $0.id == entry.id } }.flatMap(\.requires)
    }

    /// The plan without what a buildpack has met: its entries, but for those of an unmet name.
    func without(metBy entry: GroupEntry, unmet: [String]) -> BuildPlan {
        BuildPlan(
            entries: (entries ?? []).filter { candidate in
                guard candidate.providers.contains(where: { $0.id == entry.id }) else { return true }
                return candidate.requires.contains { unmet.contains($0.name) }
            }
        )
    }
}
