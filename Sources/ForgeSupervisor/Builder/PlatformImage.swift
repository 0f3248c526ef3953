// SPDX-License-Identifier: Apache-2.0

import ForgeOCI
import FoundationEssentials

/// The images that the platform makes for itself.
package enum PlatformImage: String, CaseIterable, Sendable {
    /// What apps run on.
    case run
    /// What builds run in.
    case builder
    /// Where the platform's own work within a build is done.
    case tools
    /// What the platform itself runs in on a cluster.
    case forge

    /// The repository in the platform's registry.
    package var repository: String { "platform/\(rawValue)" }

    /// Labels that only this image has.
    var labels: [String: String] {
        switch self {
        case .run: ["io.buildpacks.rebasable": "true"]
        case .builder, .tools, .forge: [:]
        }
    }

    /// Sets users, and what the lifecycle reads from the environment (Platform API, Build Image and Run Image).
    func configure(_ config: inout ImageConfig) {
        let build = "\(BuilderRecipe.buildUser):\(BuilderRecipe.group)"
        switch self {
        case .run: config.user = "\(BuilderRecipe.runUser):\(BuilderRecipe.group)"
        case .builder:
            config.user = build
            config.workingDirectory = "/workspace"
            config.setVariable("CNB_USER_ID", to: String(BuilderRecipe.buildUser))
            config.setVariable("CNB_GROUP_ID", to: String(BuilderRecipe.group))
        case .tools: config.user = build
        case .forge: config.user = "\(ForgeRoot.user):\(ForgeRoot.user)"
        }
    }
}

/// A layer in the registry, uncompressed: its digest is also its diff id.
struct Layer: Hashable, Sendable {
    let descriptor: Descriptor
    let title: String
}

/// An image of the platform as the registry holds it.
struct StoredImage: Hashable, Sendable {
    let manifest: ImageManifest
    let config: ImageConfig
}

/// The layers of Debian packages.
struct DebianLayers: Hashable, Sendable {
    let run: Layer
    let build: Layer
    let epoch: Int64

    init(run: Layer, build: Layer, epoch: Int64) {
        self.run = run
        self.build = build
        self.epoch = epoch
    }

    /// Takes the layers of images that were made from the same packages; nil when they were not.
    init?(run: StoredImage?, builder: StoredImage?, base: String) {
        guard let run, let builder, run.config.labels[ImagePublisher.baseLabel] == base,
            builder.config.labels[ImagePublisher.baseLabel] == base, run.manifest.layers.count == 1,
            builder.manifest.layers.count == 3, builder.manifest.layers[0] == run.manifest.layers[0],
            let epoch = run.config.createdSeconds
        else { return nil }
        self.run = Layer(descriptor: run.manifest.layers[0], title: "run")
        build = Layer(descriptor: builder.manifest.layers[1], title: "build")
        self.epoch = epoch
    }

    /// `201 MB, 310 MB`.
    var sizes: String { [run, build].map { "\($0.descriptor.size >> 20) MB" }.joined(separator: ", ") }
}

extension ImageConfig {
    /// When the image says that it was made, in seconds since 1970.
    var createdSeconds: Int64? {
        created.flatMap { try? Date($0, strategy: .iso8601) }.map { Int64($0.timeIntervalSince1970) }
    }
}
