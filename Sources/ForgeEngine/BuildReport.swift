// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import FoundationEssentials

/// What the exporter says of the image that it wrote, in its last line (specs/buildpacks.md §7).
struct BuildReport: Decodable, Sendable {
    /// What the line begins with; it is for the engine and not shown.
    static let marker = "forge-result: "

    let digest: Digest
    let size: Int
    let layers: Int
    let newLayers: Int
    let buildpacks: [String]

    /// Reads the line without its marker; nil when it is not such a line: the platform's own lifecycle writes it, others
    /// need not.
    init?(_ json: Substring) {
        guard let report = try? JSONDecoder().decode(BuildReport.self, from: Data(json.utf8)) else { return nil }
        self = report
    }

    /// `forge/python 1.0.0 · image sha256:5be1a0c44d2f, 212 MB, 3 of 9 layers new`.
    var description: String {
        let packs = buildpacks.map { $0.replacing("@", with: " ") }.joined(separator: ", ")
        let megabytes = max(1, size / 1_000_000)
        return "\(packs) · image \(digest.short), \(megabytes) MB, \(newLayers) of \(layers) layers new"
    }
}
