// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgeOCI

/// The label `io.buildpacks.lifecycle.metadata` of an image (platform specification, lifecycle metadata), which the
/// analyzer also writes into analyzed.toml with other names.
///
/// Labels come from any lifecycle, so whatever does not fit is left out, never an error.
struct ImageMetadata: Hashable, Sendable {
    /// The two spellings of the same names.
    enum Names { case json, toml }

    struct Layer: Hashable, Sendable {
        var digest: Digest?
        var data: JSONValue?
        var build = false
        var launch = false
        var cache = false
    }

    struct Buildpack: Hashable, Sendable {
        var id: String
        var version: String
        var layers: [String: Layer] = [:]
        var store: JSONValue?
    }

    struct RunImage: Hashable, Sendable {
        var topLayer = ""
        var reference = ""
        var image = ""
    }

    var app: [Digest] = []
    var sbom: Digest?
    var buildpacks: [Buildpack] = []
    var config: Digest?
    var launcher: Digest?
    var processTypes: Digest?
    var runImage: RunImage?

    init() {}

    /// Reads what is there.
    init(_ value: JSONValue, names: Names) {
        func digest(_ value: JSONValue?) -> Digest? { value?["sha"]?.string.flatMap { try? Digest($0) } }
        app = (value["app"]?.array ?? []).compactMap(digest)
        sbom = digest(value["sbom"])
        config = digest(value["config"])
        launcher = digest(value["launcher"])
        processTypes = digest(value["process-types"])
        buildpacks = (value["buildpacks"]?.array ?? []).compactMap { entry in
            guard let id = entry["key"]?.string else { return nil }
            var buildpack = Buildpack(id: id, version: entry["version"]?.string ?? "")
            buildpack.store = entry["store"]?["metadata"]
            buildpack.layers = (entry["layers"]?.object ?? [:]).mapValues { layer in
                Layer(
                    digest: digest(layer),
                    data: layer["data"].flatMap { $0.object == nil ? nil : $0 },
                    build: layer["build"]?.bool ?? false,
                    launch: layer["launch"]?.bool ?? false,
                    cache: layer["cache"]?.bool ?? false
                )
            }
            return buildpack
        }
        if let run = value[names == .json ? "runImage" : "run-image"] {
            runImage = RunImage(
                topLayer: run[names == .json ? "topLayer" : "top-layer"]?.string ?? "",
                reference: run["reference"]?.string ?? "",
                image: run["image"]?.string ?? ""
            )
        }
    }

    /// A layer of a buildpack.
    func layer(_ name: String, of buildpack: String) -> Layer? {
        buildpacks.first { $0.id == buildpack }?.layers[name]
    }

    /// The document.
    func value(_ names: Names) -> JSONValue {
        func entry(_ digest: Digest?) -> JSONValue? { digest.map { .object(["sha": .string($0.text)]) } }
        var table: [String: JSONValue] = [
            "app": .array(app.map { .object(["sha": .string($0.text)]) }),
            "buildpacks": .array(buildpacks.map(Self.value)),
        ]
        table["sbom"] = entry(sbom)
        table["config"] = entry(config)
        table["launcher"] = entry(launcher)
        table["process-types"] = entry(processTypes)
        if let runImage {
            let image = JSONValue.object(["image": .string(runImage.image)])
            table[names == .json ? "runImage" : "run-image"] = .object([
                names == .json ? "topLayer" : "top-layer": .string(runImage.topLayer),
                "reference": .string(runImage.reference),
                "image": .string(runImage.image),
            ])
            // Rebasers from before platform API 0.12 look only here.
            table["stack"] = .object([names == .json ? "runImage" : "run-image": image])
        }
        return .object(table)
    }

    private static func value(_ buildpack: Buildpack) -> JSONValue {
        var table: [String: JSONValue] = ["key": .string(buildpack.id), "version": .string(buildpack.version)]
        table["store"] = buildpack.store.map { .object(["metadata": $0]) }
        table["layers"] = .object(
            buildpack.layers.mapValues { layer in
                var fields: [String: JSONValue] = [
                    "build": .bool(layer.build), "launch": .bool(layer.launch), "cache": .bool(layer.cache),
                ]
                fields["sha"] = layer.digest.map { .string($0.text) }
                fields["data"] = layer.data
                return .object(fields)
            }
        )
        return .object(table)
    }
}
