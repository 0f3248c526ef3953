// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeModel
import ForgeOCI
import ForgeRegistry
import Testing

@testable import ForgeImages

@Suite struct RegistryImagesTests {
    private let shop = AppName.test("shop")
    private let key = BuildKey.test(String(repeating: "ab", count: 32))
    private let layer = Array("a layer".utf8)

    // MARK: The platform's images

    @Test func `a platform without a builder image says what makes one`() async throws {
        let registry = try await RealRegistry()
        let error = await #expect(throws: ImagesError.self) { try await registry.images.platform() }
        #expect(error?.code == .missing)
        #expect(error?.message == "there is no builder image yet; forged builder create makes it")
    }

    @Test func `the platform's images are resolved to digests, with the builder's user`() async throws {
        let registry = try await RealRegistry()
        for name in ["builder", "run", "tools"] {
            try await put("platform/\(name)", "latest", in: registry) { $0.user = "1001:1000" }
        }
        let platform = try await registry.images.platform()
        #expect(platform.buildUser == "1001:1000")
        #expect(platform.registry == registry.client.endpoint.host)
        #expect(platform.runImage.repository == "platform/run")
        #expect(platform.builder.digest == (try await registry.client.headManifest("platform/builder", "latest")))
        #expect(platform.target == "linux/amd64" || platform.target == "linux/arm64")
        #expect(platform.buildCache == .volume)
    }

    // MARK: Sources

    @Test(arguments: [true, false])
    func `a source is stored under its digest, byte for byte`(sizeIsKnown: Bool) async throws {
        let registry = try await RealRegistry()
        let tree = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
        let digest = Sha256.digest(of: tree)
        for _ in 0..<2 {
            try await registry.images.store(
                source: digest,
                of: shop,
                size: sizeIsKnown ? tree.count : nil,
                bytes: Pieces(tree)
            )
        }
        let facts = try await registry.images.facts(shop, key: key, source: digest)
        let stored = try #require(try await registry.client.manifest("sources/shop", digest.hex))
        #expect(facts.source == stored.digest)
        let manifest = try ImageManifest(decoding: stored.bytes)
        #expect(manifest.artifactType == "application/vnd.forge.source.v1")
        #expect(manifest.config.mediaType == MediaType.empty)
        #expect(manifest.layers.map(\.mediaType) == [MediaType.source])
        #expect(try await registry.client.blobBytes("sources/shop", digest) == tree)
    }

    @Test func `bytes that do not have the digest store nothing`() async throws {
        let registry = try await RealRegistry()
        let promised = Sha256.digest(of: Array("one".utf8))
        let error = await #expect(throws: ImagesError.self) {
            try await registry.images.store(source: promised, of: shop, size: nil, bytes: Pieces(Array("two".utf8)))
        }
        #expect(error?.code == .invalid)
        #expect(try await registry.images.facts(shop, key: key, source: promised).source == nil)
        #expect(try await registry.client.blobExists("sources/shop", Sha256.digest(of: Array("two".utf8))) == nil)
    }

    @Test func `a source of another length than announced is refused`() async throws {
        let registry = try await RealRegistry()
        let tree = Array("tree".utf8)
        let error = await #expect(throws: ImagesError.self) {
            try await registry.images.store(source: Sha256.digest(of: tree), of: shop, size: 3, bytes: Pieces(tree))
        }
        #expect(error?.code == .invalid)
    }

    // MARK: Builds

    @Test func `nothing built means no facts`() async throws {
        let registry = try await RealRegistry()
        let facts = try await registry.images.facts(shop, key: key, source: Sha256.digest(of: []))
        #expect(facts == ImageFacts())
    }

    @Test func `a staged build is published without new bytes, once`() async throws {
        let registry = try await RealRegistry()
        let digest = try await stage(in: registry)
        var facts = try await registry.images.facts(shop, key: key, source: Sha256.digest(of: []))
        #expect(facts.built?.digest == digest)
        #expect(facts.built?.processes.map(\.text) == ["web", "worker"])
        #expect(!facts.published)
        for _ in 0..<2 {
            #expect(try await registry.images.publish(shop, key: key, as: ReleaseNumber(number: 42)) == digest)
        }
        facts = try await registry.images.facts(shop, key: key, source: Sha256.digest(of: []))
        #expect(facts.published)
        #expect(try await registry.client.tags("apps/shop") == ["v42"])
        #expect(try await registry.client.blobBytes("apps/shop", Sha256.digest(of: layer)) == layer)
    }

    @Test func `a second release of the same image gets its own tag`() async throws {
        let registry = try await RealRegistry()
        let digest = try await stage(in: registry)
        for number in [1, 2] {
            #expect(try await registry.images.publish(shop, key: key, as: ReleaseNumber(number: number)) == digest)
        }
        #expect(try await registry.client.tags("apps/shop") == ["v1", "v2"])
    }

    @Test func `what was not built cannot be published`() async throws {
        let registry = try await RealRegistry()
        let error = await #expect(throws: ImagesError.self) {
            try await registry.images.publish(shop, key: key, as: ReleaseNumber(number: 1))
        }
        #expect(error?.code == .missing)
    }

    @Test func `a forgotten app has nothing left, another one all of it`() async throws {
        let registry = try await RealRegistry()
        try await stage(in: registry)
        _ = try await registry.images.publish(shop, key: key, as: ReleaseNumber(number: 1))
        try await put("caches/shop", "latest", in: registry) { _ in }
        let tree = Array("tree".utf8)
        let digest = Sha256.digest(of: tree)
        for app in [shop, .test("blog")] {
            try await registry.images.store(source: digest, of: app, size: tree.count, bytes: Pieces(tree))
        }
        try await registry.images.forget(shop)
        try await registry.images.forget(shop)
        #expect(try await registry.images.facts(shop, key: key, source: digest) == ImageFacts())
        for repository in ["apps/shop", "builds/shop", "caches/shop"] {
            #expect(try await registry.client.headManifest(repository, "latest") == nil)
            #expect(try await registry.client.tags(repository).isEmpty)
        }
        #expect(try await registry.images.facts(.test("blog"), key: key, source: digest).source != nil)
    }

    @Test func `a registry that is gone is unreachable, not empty`() async throws {
        let registry = try await RealRegistry()
        registry.stop()
        let error = await #expect(throws: ImagesError.self) {
            try await registry.images.facts(shop, key: key, source: Sha256.digest(of: []))
        }
        #expect(error?.code == .unreachable)
    }

    // MARK: Images for tests

    @discardableResult
    private func stage(in registry: RealRegistry) async throws -> Digest {
        let metadata = #"{"processes":[{"type":"worker"},{"type":"web"},{"type":"Not A Type"}]}"#
        return try await put("builds/shop", key.tag, in: registry) {
            $0.labels = ["io.buildpacks.build.metadata": metadata]
        }
    }

    @discardableResult
    private func put(
        _ repository: String,
        _ tag: String,
        in registry: RealRegistry,
        configure: (inout ImageConfig) -> Void
    ) async throws -> Digest {
        var config = ImageConfig(platform: .current)
        config.append(layer: Sha256.digest(of: layer), history: .init(created: nil, createdBy: "test"))
        configure(&config)
        let bytes = try config.encoded()
        try await registry.client.uploadBlob(repository, bytes: layer)
        try await registry.client.uploadBlob(repository, bytes: bytes)
        let manifest = ImageManifest(
            config: Descriptor(mediaType: MediaType.config, content: bytes),
            layers: [Descriptor(mediaType: MediaType.layer, content: layer)]
        )
        return try await registry.client.putManifest(
            repository,
            tag,
            mediaType: MediaType.manifest,
            bytes: try manifest.encoded()
        )
    }
}

/// Bytes in small pieces.
private struct Pieces: AsyncSequence, Sendable {
    typealias Element = [UInt8]
    typealias Failure = any Error

    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func makeAsyncIterator() -> Iterator { Iterator(rest: bytes[...]) }

    struct Iterator: AsyncIteratorProtocol {
        var rest: ArraySlice<UInt8>

        mutating func next(isolation actor: isolated (any Actor)?) async throws(any Error) -> [UInt8]? {
            if rest.isEmpty { return nil }
            defer { rest = rest.dropFirst(7_000) }
            return Array(rest.prefix(7_000))
        }
    }
}

extension AppName {
    fileprivate static func test(_ text: String) -> AppName {
        guard let name = try? AppName(text) else { preconditionFailure("'\(text)' is an app name") }
        return name
    }
}

extension BuildKey {
    fileprivate static func test(_ text: String) -> BuildKey {
        guard let key = try? BuildKey(text) else { preconditionFailure("'\(text)' is a build key") }
        return key
    }
}
