// SPDX-License-Identifier: Apache-2.0

import ForgeClusterTesting
import ForgeHTTP
import ForgeModel
import ForgeOCI
import ForgeRegistry
import Foundation

/// The tiny image that every cluster is tested with, in the registry that the test cluster's nodes reach.
struct TestImage {
    /// Host and port of that registry, which speaks plain HTTP; nil without `KUBE_TEST_REGISTRY`.
    static let registry = ProcessInfo.processInfo.environment["KUBE_TEST_REGISTRY"].flatMap { $0.isEmpty ? nil : $0 }
    /// Whether there is a registry, and what the image is made of.
    static let canPush = registry != nil && TestRoot.canMake

    /// The image, by digest.
    let reference: ImageReference
    private let client: RegistryClient

    /// Makes the image and pushes it to a repository of its own.
    init() async throws {
        let registry = Self.registry ?? ""
        let repository = "forge-test/" + String(UInt64.random(in: 0...UInt64.max), radix: 36)
        client = RegistryClient(
            endpoint: RegistryEndpoint(registry, insecure: [registry]),
            credentials: nil,
            transport: HTTPTransport()
        )
        let folder = FileManager.default.temporaryDirectory.appending(path: "forge-image-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let layer = try TestRoot.tar(in: folder.appending(path: "root").path)
        var config = ImageConfig(platform: .current)
        config.append(layer: Sha256.digest(of: layer), history: .init(created: nil, createdBy: "test"))
        config.user = "1002:1000"
        config.workingDirectory = "/workspace"
        let configBytes = try config.encoded()
        try await client.uploadBlob(repository, bytes: layer)
        try await client.uploadBlob(repository, bytes: configBytes)
        let manifest = try ImageManifest(
            config: Descriptor(mediaType: MediaType.config, content: configBytes),
            layers: [Descriptor(mediaType: MediaType.layer, content: layer)]
        ).encoded()
        let digest = try await client.putManifest(repository, "1", mediaType: MediaType.manifest, bytes: manifest)
        reference = ImageReference(registry: registry, repository: repository, digest: digest)
    }

    /// Removes the image from the registry.
    func remove() async throws { _ = try await client.deleteManifest(reference.repository, reference.digest) }
}
