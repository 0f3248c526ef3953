// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
import ForgeModel
import ForgeOCI
import ForgeTesting
import Testing

@testable import ForgeRegistry

/// Against a real docker-registry.
@Suite struct RegistryClientTests {
    private let transport = HTTPTransport()

    private func client(_ registry: RunningRegistry, _ credentials: RegistryCredentials? = nil) -> RegistryClient {
        RegistryClient(endpoint: RegistryEndpoint(registry.host), credentials: credentials, transport: transport)
    }

    /// `count` bytes in pieces of 100 kB that differ from one another.
    private func pieces(_ count: Int) -> AsyncThrowingStream<[UInt8], any Error> {
        AsyncThrowingStream { continuation in
            for start in stride(from: 0, to: count, by: 100_000) {
                let piece = [UInt8](repeating: UInt8(truncatingIfNeeded: start / 100_000), count: 100_000)
                continuation.yield(Array(piece.prefix(count - start)))
            }
            continuation.finish()
        }
    }

    private func code(_ body: () async throws -> Void) async throws -> RegistryError.Code? {
        do {
            try await body()
            return nil
        } catch let error as RegistryError {
            return error.code
        }
    }

    @Test func streamedBlobComesBack() async throws {
        let registry = try await RunningRegistry()
        let client = client(registry)
        let size = 20_000_123
        let (digest, uploaded) = try await client.uploadBlob("shop/web", .once(pieces(size)))
        #expect(uploaded == Int64(size))
        #expect(try await client.blobExists("shop/web", digest) == Int64(size))
        let blob = try await client.blob("shop/web", digest)
        #expect(blob.size == Int64(size))
        var received = 0
        for try await piece in blob { received += piece.count }
        #expect(received == size)
        // The same bytes under a digest that is known before, with and without a length.
        for (repository, length) in [("a", Int64(size)), ("b", nil)] {
            try await client.uploadBlob(repository, digest, size: length, .once(pieces(size)))
            #expect(try await client.blobExists(repository, digest) == Int64(size))
        }
        let wrong = Sha256.digest(of: [1])
        #expect(
            try await code { try await client.uploadBlob("a", wrong, size: 5, .once(pieces(5))) } == .digestMismatch
        )
        #expect(try await code { _ = try await client.blob("a", digest, limit: 1000) } == .tooLarge)
        #expect(try await code { _ = try await client.blob("a", wrong) } == .notFound)
        #expect(try await client.blobExists("a", wrong) == nil)
    }

    @Test func mountAcrossRepositories() async throws {
        let registry = try await RunningRegistry()
        let client = client(registry)
        let digest = try await client.uploadBlob("staging/shop", bytes: Array("layer".utf8))
        #expect(try await client.mountBlob("apps/shop", digest, from: "staging/shop"))
        #expect(try await client.blobBytes("apps/shop", digest) == Array("layer".utf8))
        #expect(try await client.mountBlob("apps/shop", Sha256.digest(of: [9]), from: "staging/shop") == false)
    }

    @Test func manifestsByTagAndDigest() async throws {
        let registry = try await RunningRegistry()
        let client = client(registry)
        let config = Array("{}".utf8)
        let digest = try await client.uploadBlob("shop", bytes: config)
        let text = """
            {"schemaVersion":2,"mediaType":"\(MediaType.manifest)","config":{"mediaType":"\(MediaType.config)",\
            "digest":"\(digest)","size":\(config.count)},"layers":[]}
            """
        let bytes = Array(text.utf8)
        for tag in ["v1", "v2"] {
            let stored = try await client.putManifest("shop", tag, mediaType: MediaType.manifest, bytes: bytes)
            #expect(stored == Sha256.digest(of: bytes))
        }
        let stored = Sha256.digest(of: bytes)
        let expected = RegistryManifest(bytes: bytes, mediaType: MediaType.manifest, digest: stored)
        #expect(try await client.manifest("shop", "v1") == expected)
        #expect(try await client.manifest("shop", stored.text) == expected)
        #expect(try await client.headManifest("shop", "v2") == stored)
        #expect(try await client.tags("shop") == ["v1", "v2"])
        #expect(try await client.deleteManifest("shop", stored))
        #expect(try await client.deleteManifest("shop", stored) == false)
        #expect(try await client.manifest("shop", "v1") == nil)
    }

    @Test func missingIsNil() async throws {
        let registry = try await RunningRegistry()
        let client = client(registry)
        let digest = Sha256.digest(of: [1])
        #expect(try await client.manifest("none", "latest") == nil)
        #expect(try await client.headManifest("none", digest.text) == nil)
        #expect(try await client.tags("none") == [])
        #expect(try await client.blobExists("none", digest) == nil)
        #expect(try await code { _ = try await client.manifest("../x", "latest") } == .invalidName)
        #expect(try await code { _ = try await client.manifest("x", "a/b") } == .invalidName)
    }

    @Test func passwords() async throws {
        let registry = try await RunningRegistry(user: ("forge", "open:sesame"))
        let good = client(registry, RegistryCredentials(username: "forge", password: "open:sesame"))
        let (digest, _) = try await good.uploadBlob("shop", .once(pieces(300_000)))
        #expect(try await good.blobExists("shop", digest) == 300_000)
        for credentials in [nil, RegistryCredentials(username: "forge", password: "secret")] {
            let bad = client(registry, credentials)
            #expect(try await code { _ = try await bad.tags("shop") } == .unauthorized)
            await #expect {
                _ = try await bad.uploadBlob("shop", .once(pieces(10)))
            } throws: { error in
                let message = "\(error)"
                return message.hasPrefix("\(registry.host)/shop: ") && !message.contains("secret")
            }
        }
    }

    @Test func registryThatIsGone() async throws {
        let registry = try await RunningRegistry()
        let client = client(registry)
        registry.stop()
        await #expect {
            _ = try await client.manifest("shop", "v1")
        } throws: { error in
            (error as? RegistryError)?.code == .unreachable
                && "\(error)".hasPrefix("\(registry.host)/shop:v1: registry unreachable: connection refused")
        }
    }
}
