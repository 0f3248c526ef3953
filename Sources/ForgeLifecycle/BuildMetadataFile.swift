// SPDX-License-Identifier: Apache-2.0

import ForgeLaunch
import ForgeOCI

/// `<layers>/config/metadata.toml`: what the builder found out, for the exporter and for the launcher in the image
/// (platform specification, metadata.toml).
struct BuildMetadataFile: Hashable, Sendable {
    var buildpacks: [GroupEntry]
    var processes: [LaunchProcess]
    var defaultType: String?
    var labels: [LaunchFile.Label]
    var slices: [LaunchFile.Slice]

    static func path(in layers: String) -> String { layers + "/config/metadata.toml" }

    /// Reads the file. Throws ``PhaseError`` when it is missing.
    static func read(in layers: String) throws -> BuildMetadataFile {
        let path = Self.path(in: layers)
        guard let value = try TOMLText.read(path) else {
            throw PhaseError(PhaseError.Code.generic, "'\(path)' is missing; run the builder first")
        }
        func list<Value: Decodable>(_ type: Value.Type, _ key: String) throws -> [Value] {
            try TOMLText.decode([Value].self, value[key] ?? .array([]), name: path)
        }
        // The launcher's own reader judges the file, so that what it would refuse never gets into an image.
        let processes: [LaunchProcess]
        do {
            processes = try LaunchMetadata(toml: TextFile.bytes(path) ?? []).processes
        } catch {
            throw PhaseError(PhaseError.Code.generic, "'\(path)' cannot be used: \(error)")
        }
        return BuildMetadataFile(
            buildpacks: try list(GroupEntry.self, "buildpacks"),
            processes: processes,
            defaultType: value["buildpack-default-process-type"]?.string,
            labels: try list(LaunchFile.Label.self, "labels"),
            slices: try list(LaunchFile.Slice.self, "slices")
        )
    }

    func write(in layers: String) throws { try TextFile.write(Self.path(in: layers), TOMLText.write(table)) }

    private var table: [String: JSONValue] {
        var table: [String: JSONValue] = [:]
        table["buildpack-default-process-type"] = defaultType.map(JSONValue.string)
        table["buildpacks"] = .array(
            buildpacks.map { entry in
                var fields: [String: JSONValue] = ["id": .string(entry.id), "version": .string(entry.version)]
                fields["api"] = entry.api.map(JSONValue.string)
                fields["homepage"] = entry.homepage.map(JSONValue.string)
                return .object(fields)
            }
        )
        table["labels"] = .array(labels.map { .object(["key": .string($0.key), "value": .string($0.value)]) })
        table["slices"] = .array(slices.map { .object(["paths": Self.strings($0.paths)]) })
        table["processes"] = .array(
            processes.map { process in
                var fields: [String: JSONValue] = [
                    "type": .string(process.type), "command": Self.strings(process.command),
                    "args": Self.strings(process.args), "direct": .bool(process.direct),
                    "buildpack-id": .string(process.buildpackID),
                ]
                fields["working-dir"] = process.workingDirectory.map(JSONValue.string)
                if !process.execEnvironments.isEmpty { fields["exec-env"] = Self.strings(process.execEnvironments) }
                return .object(fields)
            }
        )
        return table
    }

    private static func strings(_ values: [String]) -> JSONValue { .array(values.map(JSONValue.string)) }
}
