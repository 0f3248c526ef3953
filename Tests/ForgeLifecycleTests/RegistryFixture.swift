// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
import ForgeModel
import ForgeOCI
import ForgeRegistry
import ForgeTesting
import Foundation
import Testing

/// A registry of one test that asks for a password.
final class RegistryFixture {
    private let registry: RunningRegistry

    var host: String { registry.host }

    init() async throws { registry = try await RunningRegistry(user: ("builder", "secret")) }

    /// Nothing listens at its address afterwards.
    func stop() { registry.stop() }

    /// The value of CNB_REGISTRY_AUTH.
    var auth: String { #"{"\#(host)":"\#(authorization)"}"# }

    private var authorization: String { "Basic " + Data("builder:secret".utf8).base64EncodedString() }

    /// Takes a blob from a repository, as the registry's owner may.
    func delete(_ blob: Digest, from repository: String) async throws {
        var request = HTTPRequest(method: "DELETE", url: "http://\(host)/v2/\(repository)/blobs/\(blob)")
        request.headers["Authorization"] = authorization
        #expect(try await HTTPTransport().perform(request).status == 202)
    }

    var client: RegistryClient {
        RegistryClient(
            endpoint: RegistryEndpoint(host),
            credentials: RegistryCredentials(username: "builder", password: "secret"),
            transport: HTTPTransport()
        )
    }

    /// Pushes a small run image and gives its reference.
    func pushRunImage() async throws -> String {
        let client = client
        var layer: [UInt8] = []
        var stream = TarStream([
            TarEntry(name: "etc", kind: .directory, mode: 0o755),
            TarEntry(name: "etc/os-release", kind: .bytes(Array("ID=debian\n".utf8)), mode: 0o644),
        ])
        while let chunk = try stream.next() { layer += chunk }
        var config = ImageConfig(platform: .current)
        config.user = "1002:1002"
        config.environment = [("PATH", "/usr/bin:/bin")]
        config.command = ["bash"]
        config.labels = [
            "io.buildpacks.base.distro.name": "debian", "io.buildpacks.base.distro.version": "12",
            "io.buildpacks.rebasable": "true",
        ]
        config.append(layer: Sha256.digest(of: layer), history: .init(created: nil, createdBy: "base"))
        let bytes = try config.encoded()
        try await client.uploadBlob("forge/run", bytes: layer)
        try await client.uploadBlob("forge/run", bytes: bytes)
        let manifest = ImageManifest(
            config: Descriptor(mediaType: MediaType.config, content: bytes),
            layers: [Descriptor(mediaType: MediaType.layer, content: layer)]
        )
        try await client.putManifest(
            "forge/run",
            "12",
            mediaType: MediaType.manifest,
            bytes: try manifest.encoded()
        )
        return "\(host)/forge/run:12"
    }

    /// Pushes a folder as a source and gives its reference by digest.
    func pushSource(_ folder: String) async throws -> String {
        let client = client
        let packer = SourcePacker(root: folder)
        let summary = try packer.digest()
        try await client.uploadBlob(
            "sources/app",
            summary.digest,
            size: summary.size,
            .repeatable { packer.stream(expecting: summary.digest) }
        )
        try await client.uploadBlob("sources/app", bytes: Array("{}".utf8))
        let manifest = ImageManifest(
            config: Descriptor(mediaType: MediaType.empty, content: Array("{}".utf8)),
            layers: [Descriptor(mediaType: MediaType.source, digest: summary.digest, size: summary.size)],
            artifactType: MediaType.sourceArtifact
        )
        let bytes = try manifest.encoded()
        let digest = Sha256.digest(of: bytes)
        try await client.putManifest("sources/app", digest.text, mediaType: MediaType.manifest, bytes: bytes)
        return "\(host)/sources/app@\(digest)"
    }

    static func output(of program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self)
    }
}
