// SPDX-License-Identifier: Apache-2.0

import ForgeOCI

/// What the analyzer found, `analyzed.toml` (platform specification, analyzed.toml).
struct AnalyzedFile: Hashable, Sendable {
    struct RunImage: Hashable, Sendable {
        /// By digest.
        var reference: String
        /// As it was named.
        var image: String
        var target: BuildTarget?
    }

    /// The previous image by digest, when there is one.
    var previous: String?
    /// What the previous image's label says.
    var metadata: ImageMetadata?
    var runImage: RunImage?

    /// Reads the file; `nil` when there is none.
    static func read(_ path: String) throws -> AnalyzedFile? {
        guard let value = try TOMLText.read(path) else { return nil }
        var file = AnalyzedFile()
        file.previous = value["image"]?["reference"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        file.metadata = value["metadata"].map { ImageMetadata($0, names: .toml) }
        if let run = value["run-image"], let reference = run["reference"]?.string {
            file.runImage = RunImage(reference: reference, image: run["image"]?.string ?? reference)
            if let target = run["target"], let os = target["os"]?.string {
                file.runImage?.target = BuildTarget(
                    os: os,
                    arch: target["arch"]?.string ?? "",
                    variant: target["arch-variant"]?.string ?? target["variant"]?.string,
                    distribution: target["distro"]?["name"]?.string,
                    distributionVersion: target["distro"]?["version"]?.string
                )
            }
        }
        return file
    }

    func write(_ path: String) throws {
        var table: [String: JSONValue] = ["image": .object(["reference": .string(previous ?? "")])]
        table["metadata"] = metadata?.value(.toml)
        if let runImage {
            var run: [String: JSONValue] = [
                "reference": .string(runImage.reference), "image": .string(runImage.image),
            ]
            if let target = runImage.target {
                var fields: [String: JSONValue] = ["os": .string(target.os), "arch": .string(target.arch)]
                fields["arch-variant"] = target.variant.map(JSONValue.string)
                var distribution: [String: JSONValue] = [:]
                distribution["name"] = target.distribution.map(JSONValue.string)
                distribution["version"] = target.distributionVersion.map(JSONValue.string)
                if !distribution.isEmpty { fields["distro"] = .object(distribution) }
                run["target"] = .object(fields)
            }
            table["run-image"] = .object(run)
        }
        try TextFile.write(path, TOMLText.write(table))
    }
}
