// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// Software bills of materials that buildpacks write beside their layers (buildpack specification, SBOM).
enum BillOfMaterials {
    private static let formats = ["cdx", "spdx", "syft"]

    /// Copies what one buildpack wrote to `<sbom>/<kind>/<buildpack>/[<layer>/]sbom.<format>.json`.
    static func collect(_ entry: GroupEntry, from directory: String, into sbom: String) throws {
        for format in formats {
            for kind in ["build", "launch"] {
                let file = "\(directory)/\(kind).sbom.\(format).json"
                try copy(file, to: "\(sbom)/\(kind)/\(entry.directoryName)/sbom.\(format).json")
            }
        }
        for (name, layer) in try LayerFile.layers(in: directory) {
            for format in formats {
                let file = "\(directory)/\(name).sbom.\(format).json"
                for (kind, isWanted) in [("build", layer.build), ("launch", layer.launch), ("cache", layer.cache)]
                where isWanted {
                    try copy(file, to: "\(sbom)/\(kind)/\(entry.directoryName)/\(name)/sbom.\(format).json")
                }
            }
        }
    }

    private static func copy(_ file: String, to target: String) throws {
        guard let bytes = try TextFile.bytes(file) else { return }
        try TextFile.write(target, String(decoding: bytes, as: UTF8.self))
    }
}
