// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgeOCI
import ForgeRegistry
import FoundationEssentials
import Glibc

/// Puts images that are made here into a registry: layers first, the tag at last.
struct ImagePublisher: Sendable {
    /// The digest of everything that decides what is in the image.
    static let inputsLabel = "forge.builder.inputs"
    /// The digest of what decides what is in the Debian layers.
    static let baseLabel = "forge.builder.base"

    let registry: RegistryClient
    /// The command that makes the images, in their history.
    let command: String
    let report: @Sendable (String) -> Void

    /// The image as it is in the registry; nil when there is none.
    func stored(_ image: PlatformImage) async throws -> StoredImage? {
        guard let manifest = try await registry.manifest(image.repository, "latest") else { return nil }
        let parsed = try ImageManifest(decoding: manifest.bytes)
        let config = try await registry.blobBytes(image.repository, parsed.config.digest)
        return StoredImage(manifest: parsed, config: try ImageConfig(decoding: config))
    }

    /// `127.0.0.1:5000/platform/run:latest`.
    func name(of image: PlatformImage) -> String { "\(registry.endpoint.host)/\(image.repository):latest" }

    /// Uploads a layer.
    func push(_ entries: [TarEntry], to image: PlatformImage, title: String, about: String) async throws -> Layer {
        let clock = ContinuousClock.now
        let content = BlobContent.repeatable { AsyncBytes { TarStream(entries) } }
        let (digest, size) = try await registry.uploadBlob(image.repository, content)
        let column = title.padded(to: 12)
        report("  \(column)\(Self.seconds(since: clock))   \(size >> 20) MB   \(about)")
        return Layer(descriptor: Descriptor(mediaType: MediaType.layer, digest: digest, size: size), title: title)
    }

    /// `  39 s`.
    static func seconds(since start: ContinuousClock.Instant) -> String {
        let number = String((ContinuousClock.now - start).components.seconds)
        return String(repeating: " ", count: max(0, 4 - number.utf8.count)) + number + " s"
    }

    /// Makes an image of layers that are in the registry, in this image's repository or in another one's.
    func publish(_ image: PlatformImage, layers: [Layer], epoch: Int64, labels: [String: String]) async throws {
        let created = Date(timeIntervalSince1970: Double(epoch)).ISO8601Format()
        var config = ImageConfig(platform: .current)
        config.created = created
        for layer in layers {
            let made = ImageConfig.History(created: created, createdBy: "\(command): \(layer.title)")
            config.append(layer: layer.descriptor.digest, history: made)
        }
        config.labels = labels.merging(BuilderLabels.base(released: created)) { $1 }.merging(image.labels) { $1 }
        config.setVariable("PATH", to: BuilderRecipe.searchPath)
        config.setVariable("LANG", to: "C.UTF-8")
        image.configure(&config)
        for layer in layers { try await place(layer.descriptor, in: image) }
        let bytes = try config.encoded()
        try await registry.uploadBlob(image.repository, bytes: bytes)
        let manifest = ImageManifest(
            config: Descriptor(mediaType: MediaType.config, content: bytes),
            layers: layers.map(\.descriptor)
        )
        let digest = try await registry.putManifest(
            image.repository,
            "latest",
            mediaType: MediaType.manifest,
            bytes: try manifest.encoded()
        )
        let megabytes = layers.reduce(0) { $0 + $1.descriptor.size } >> 20
        report("  \(name(of: image)) is \(digest.short), \(megabytes) MB")
    }

    private func place(_ blob: Descriptor, in image: PlatformImage) async throws {
        if try await registry.blobExists(image.repository, blob.digest) != nil { return }
        for source in [PlatformImage.run, .builder] where source != image {
            if try await registry.mountBlob(image.repository, blob.digest, from: source.repository) { return }
        }
        throw SupervisorError(
            .failed,
            "\(name(of: image)): layer \(blob.digest.short) is gone; run it again with --refresh"
        )
    }
}
