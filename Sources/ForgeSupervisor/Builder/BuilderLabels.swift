// SPDX-License-Identifier: Apache-2.0

import ForgeOCI

/// The labels by which other tools know a builder and a run image (buildpacks spec, Platform API §Build Image and
/// §Run Image; pack's `io.buildpacks.builder.metadata`).
enum BuilderLabels {
    private struct Metadata: Encodable {
        struct Lifecycle: Encodable {
            struct Versions: Encodable {
                let deprecated: [String] = []
                let supported: [String]
            }

            let version: String
            let api: [String: String]
            let apis: [String: Versions]
        }

        struct RunImage: Encodable {
            let image: String
            let mirrors: [String] = []
        }

        struct Creator: Encodable {
            let name = "forged"
            let version: String
        }

        let description: String
        let buildpacks: [BuildpackGroup.Member]
        let images: [RunImage]
        let stack: [String: RunImage]
        let lifecycle: Lifecycle
        let createdBy: Creator
    }

    /// The builder's own labels.
    static func builder(_ recipe: BuilderRecipe, runImage: String) throws -> [String: String] {
        let interfaces = recipe.interfaces
        let metadata = Metadata(
            description: "Debian 12 with the ForgePaaS buildpacks",
            buildpacks: BuildpackGroup.members(of: recipe.order),
            images: [.init(image: runImage)],
            stack: ["runImage": .init(image: runImage)],
            lifecycle: .init(
                version: recipe.version,
                api: ["buildpack": interfaces.buildpack.last ?? "", "platform": interfaces.platform.last ?? ""],
                apis: [
                    "buildpack": .init(supported: interfaces.buildpack),
                    "platform": .init(supported: interfaces.platform),
                ]
            ),
            createdBy: .init(version: recipe.version)
        )
        return [
            "io.buildpacks.builder.metadata": try json(metadata),
            "io.buildpacks.buildpack.order": try json(recipe.order),
        ]
    }

    /// What every image on the Debian base says.
    static func base(released: String) -> [String: String] {
        [
            "io.buildpacks.base.id": "forge.debian.\(AptSources.suite)",
            "io.buildpacks.base.distro.name": "debian",
            "io.buildpacks.base.distro.version": "12",
            "io.buildpacks.base.maintainer": "ForgePaaS",
            "io.buildpacks.base.released": released,
        ]
    }

    private static func json(_ value: some Encodable) throws -> String {
        String(decoding: try CanonicalJSON.encode(value), as: UTF8.self)
    }
}
