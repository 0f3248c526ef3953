// SPDX-License-Identifier: Apache-2.0

import ForgeOCI

/// A `<layer>.toml` (buildpack specification, Layer Content Metadata).
struct LayerFile: Hashable, Sendable {
    var launch = false
    var build = false
    var cache = false
    /// The buildpack's own metadata; it decides with it whether the layer is still good.
    var metadata: JSONValue?

    /// Files beside the layers' that have another meaning.
    private static let reserved: Set<String> = ["launch.toml", "build.toml", "store.toml"]

    /// The layers that a buildpack left in its directory, by name in byte order.
    static func layers(in directory: String) throws -> [(name: String, file: LayerFile)] {
        try TextFile.names(in: directory).compactMap { name in
            guard name.hasSuffix(".toml"), !reserved.contains(name), name != ".toml" else { return nil }
            let layer = String(name.dropLast(5))
            return (layer, try read("\(directory)/\(name)"))
        }
    }

    static func read(_ path: String) throws -> LayerFile {
        let value = try TOMLText.read(path) ?? .object([:])
        return LayerFile(
            launch: value["types"]?["launch"]?.bool ?? false,
            build: value["types"]?["build"]?.bool ?? false,
            cache: value["types"]?["cache"]?.bool ?? false,
            metadata: value["metadata"]
        )
    }

    /// Writes a restored layer's metadata, without types: the buildpack sets those anew when it keeps the layer.
    static func writeRestored(_ metadata: JSONValue?, to path: String) throws {
        var table: [String: JSONValue] = [:]
        table["metadata"] = metadata
        try TextFile.write(path, TOMLText.write(table))
    }
}

/// A `launch.toml` (buildpack specification, launch.toml).
struct LaunchFile: Hashable, Sendable, Decodable {
    struct Label: Hashable, Sendable, Codable {
        var key: String
        var value: String
    }

    struct Process: Hashable, Sendable, Decodable {
        var type: String
        /// Since API 0.9 an array; before, one string.
        var command: JSONValue
        var args: [String]?
        var direct: Bool?
        var `default`: Bool?
        var workingDirectory: String?
        var execEnvironments: [String]?

        private enum CodingKeys: String, CodingKey {
            case type, command, args, direct, `default`
            case workingDirectory = "working-dir"
            case execEnvironments = "exec-env"
        }
    }

    struct Slice: Hashable, Sendable, Codable {
        var paths: [String]
    }

    var labels: [Label]?
    var processes: [Process]?
    var slices: [Slice]?
}

/// A `build.toml` (buildpack specification, build.toml).
struct BuildFile: Hashable, Sendable, Decodable {
    struct Unmet: Hashable, Sendable, Decodable {
        var name: String
    }

    var unmet: [Unmet]?
}
