// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgeOCI
import ForgeRegistry
import Testing

@testable import ForgeLifecycle

/// Builds whose cache is an image, each on a machine that has seen none before it.
@Suite struct CacheImageTests {
    /// A registry with a run image, and a builder with the flags that name the cache image.
    private struct Place {
        let registry: RegistryFixture
        let bench: Workbench
        let flags: [String]

        init(_ more: [String] = []) async throws {
            registry = try await RegistryFixture()
            _ = try await registry.pushRunImage()
            bench = try Workbench()
            try bench.installDependencies()
            try TextFile.remove(bench.root + "/platform/env/CHANGE")
            flags = more + ["-cache-image", "\(registry.host)/caches/shop:latest"]
        }

        /// Builds with nothing but what the registry has.
        func build(_ more: [String] = []) async throws {
            try bench.clear()
            try await bench.build(registry, flags + more)
            #expect(try TextFile.names(in: bench.root + "/cache").isEmpty)
        }

        var note: String { get throws { try bench.read("layers/note") } }
        var log: String { get throws { try bench.read("layers/x_deps/keep/log") } }

        func image(_ name: String = "caches/shop:latest") async throws -> RemoteImage {
            let settings = try bench.settings(environment: ["CNB_REGISTRY_AUTH": registry.auth])
            let found = try await RemoteImage.fetch(ImageName("\(registry.host)/\(name)"), RegistryAccess(settings))
            return try #require(found)
        }
    }

    @Test(arguments: [["-layer-compression", "gzip"], ["-layer-compression", "none"]])
    func `layers come back from the registry alone`(compression: [String]) async throws {
        let place = try await Place(compression)
        try await place.build()
        #expect(try place.note == "made\n")
        #expect(place.bench.warnings.isEmpty)
        let first = try await place.image()
        let app = try await place.image("apps/shop:v1")
        let metadata = try ImageMetadata(
            CanonicalJSON.decode(
                JSONValue.self,
                from: Array(try #require(first.config.labels["io.buildpacks.lifecycle.cache.metadata"]).utf8),
                kind: "label"
            ),
            names: .json
        )
        let layers = metadata.buildpacks.first?.layers ?? [:]
        #expect(layers.keys.sorted() == ["deps", "keep"])
        #expect(
            layers.values.compactMap(\.digest).sorted { $0.text < $1.text }
                == first.config.diffIDs.sorted { $0.text < $1.text }
        )
        #expect(layers["deps"]?.data?["key"]?.string == "one")
        // A layer that the app has too is the very same blob.
        let deps = try #require(layers["deps"]?.digest)
        #expect(first.layers[deps] != nil)
        #expect(first.layers[deps] == app.layers[deps])

        // The same again writes nothing.
        try await place.build()
        #expect(try place.note == "kept\n")
        #expect(try place.log == "cached\n")
        #expect(try await place.image().name == first.name)
        #expect(try place.bench.result()["newLayers"]?.integer == 0)

        // One changed layer replaces just that one.
        try place.bench.write("platform/env/CHANGE", "1")
        try await place.build()
        #expect(try place.log == "cached\ncached\n")
        let second = try await place.image()
        #expect(second.layers.count == 2)
        #expect(second.layers[deps] == first.layers[deps])
        #expect(place.bench.warnings.isEmpty)
        #expect(try await place.registry.client.tags("caches/shop") == ["latest"])
    }

    @Test func `the variable names the cache image as well as the flag`() async throws {
        let place = try await Place()
        let name = ["CNB_CACHE_IMAGE": "\(place.registry.host)/caches/other"]
        try await place.bench.build(place.registry, environment: name)
        try place.bench.clear()
        try await place.bench.build(place.registry, ["-cache-dir="], environment: name)
        #expect(try place.note == "kept\n")
        #expect(try await place.registry.client.tags("caches/other") == ["latest"])
    }

    @Test func `a layer that left the build leaves the cache`() async throws {
        let place = try await Place()
        try await place.build()
        try place.bench.buildpack("x/deps")
        try await place.build()
        let image = try await place.image()
        // An image has at least one layer; this one is empty.
        #expect(image.config.diffIDs == [try await MeasuredArchive([]).digest])
        try place.bench.installDependencies()
        try await place.build()
        #expect(try place.note == "made\n")
    }

    @Test func `a build that caches nothing makes no cache image`() async throws {
        let place = try await Place()
        try place.bench.buildpack("x/deps")
        try await place.build()
        #expect(place.bench.warnings.isEmpty)
        #expect(try await place.registry.client.tags("caches/shop").isEmpty)
    }

    // MARK: Damage

    @Test(arguments: ["apps/shop", "caches/shop"])
    func `a layer that the registry has lost is made and cached anew`(keeping kept: String) async throws {
        let place = try await Place()
        try await place.build()
        let image = try await place.image()
        for blob in image.layers.values { try await place.registry.delete(blob.digest, from: "caches/shop") }
        if kept != "apps/shop" {
            // Not even the app's own copy is left to be mounted.
            for blob in image.layers.values where try await place.image("apps/shop:v1").layers.values.contains(blob) {
                try await place.registry.delete(blob.digest, from: "apps/shop")
            }
        }
        try await place.build()
        #expect(try place.note == "made\n")
        #expect(place.bench.warnings.contains { $0.hasPrefix("Warning: x/deps:deps is not restored: ") })
        try await place.build()
        #expect(try place.note == "kept\n")
        #expect(place.bench.warnings.isEmpty)
    }

    /// What may stand under the name instead of a cache image.
    enum Damage: CaseIterable { case noConfig, noImage, noLabel, wrongLabel }

    @Test(arguments: Damage.allCases)
    func `an image that is no cache is replaced`(damage: Damage) async throws {
        let place = try await Place()
        try await place.build()
        try await put(damage, in: place)
        try await place.build()
        #expect(try place.note == "made\n")
        #expect(place.bench.warnings.isEmpty == (damage == .noLabel))
        try await place.build()
        #expect(try place.note == "kept\n")
        #expect(place.bench.warnings.isEmpty)
    }

    private func put(_ damage: Damage, in place: Place) async throws {
        let client = place.registry.client
        var config = ImageConfig(platform: .current)
        if damage == .wrongLabel { config.labels = [CacheImage.label: "{"] }
        let bytes = damage == .noImage ? Array("{}".utf8) : try config.encoded()
        try await client.uploadBlob("caches/shop", bytes: bytes)
        let layer = try await client.uploadBlob("caches/shop", bytes: Array("no archive".utf8))
        let layers = [Descriptor(mediaType: MediaType.layer, digest: layer, size: 10)]
        let descriptor = Descriptor(mediaType: MediaType.config, content: bytes)
        let manifest = try ImageManifest(config: descriptor, layers: damage == .noImage ? layers : []).encoded()
        try await client.putManifest("caches/shop", "latest", mediaType: MediaType.manifest, bytes: manifest)
        if damage == .noConfig { try await place.registry.delete(descriptor.digest, from: "caches/shop") }
    }

    @Test func `bytes that are not the layer's leave nothing behind`() async throws {
        let place = try await Place(["-layer-compression", "none"])
        try await place.build()
        let image = try await place.image()
        // Another archive under the layer's name: only its digest tells.
        var stream = TarStream([
            TarEntry(name: place.bench.root + "/layers/x_deps", kind: .directory, mode: 0o755),
            TarEntry(name: place.bench.root + "/layers/x_deps/deps", kind: .directory, mode: 0o755),
        ])
        let other = try #require(try stream.next())
        let digest = try await place.registry.client.uploadBlob("caches/shop", bytes: other)
        let layers = image.manifest.layers.map { _ in
            Descriptor(mediaType: MediaType.layer, digest: digest, size: Int64(other.count))
        }
        try await place.registry.client.putManifest(
            "caches/shop",
            "latest",
            mediaType: MediaType.manifest,
            bytes: try ImageManifest(config: image.manifest.config, layers: layers).encoded()
        )
        try await place.build()
        #expect(try place.note == "made\n")
        #expect(place.bench.warnings.contains { $0.contains("x/deps:deps is not restored: the cached layer ") })
        // Nor may an archive write to where another layer is.
        #expect(
            place.bench.warnings.contains { $0.contains("x/deps:keep is not restored: ") && $0.contains("outside") }
        )
    }

    @Test func `a registry of the cache that is away costs only time`() async throws {
        let place = try await Place()
        let other = try await RegistryFixture()
        let flags = ["-cache-image", "\(other.host)/caches/shop"]
        other.stop()
        // The analyzer has seen it, for it refuses a cache that cannot be written; then it went away.
        let settings = try place.bench.settings(
            flags + ["\(place.registry.host)/apps/shop:v1"],
            environment: ["CNB_REGISTRY_AUTH": place.registry.auth]
        )
        let analyzed = await #expect(throws: PhaseError.self) {
            try await AnalyzerPhase(settings, log: place.bench.log).run()
        }
        #expect(analyzed?.exitCode == 32)
        #expect(
            analyzed?.description.hasPrefix("the cache image cannot be written: \(other.host)/caches/shop: ") == true
        )
        try await place.build()
        try place.bench.clear()
        try await place.bench.build(place.registry, later: flags)
        #expect(try place.note == "made\n")
        #expect(
            place.bench.warnings.contains { $0.hasPrefix("Warning: the cache cannot be read, so every layer is made") }
        )
        #expect(place.bench.warnings.contains { $0.hasPrefix("Warning: the cache is not written: ") })
        #expect(try place.bench.result()["digest"] != nil)
    }
}
