// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
import ForgeModel
import ForgeOCI
import ForgeTesting
import Synchronization
import Testing

@testable import ForgeRegistry

/// A real docker-registry that is killed while bytes are on their way, and started again on the same port and data.
@Suite struct RegistryRestartTests {
    /// Bytes that differ from piece to piece; more than sockets hold, so that a registry is killed in their middle.
    private struct Content {
        static let pieces = 300
        let digest: Digest
        let size: Int64

        init() throws {
            var hash = Sha256()
            for number in 0..<Self.pieces { hash.update(Self.piece(number)) }
            digest = hash.digest()
            size = Int64(Self.pieces * 100_000)
        }

        static func piece(_ number: Int) -> [UInt8] {
            [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 100_000)
        }

        /// The bytes, with something that happens in the middle.
        static func stream(_ middle: @escaping @Sendable () async throws -> Void) -> AsyncThrowingStream<
            [UInt8], any Error
        > {
            let next = Mutex(0)
            return AsyncThrowingStream(unfolding: {
                let number = next.withLock { number in
                    defer { number += 1 }
                    return number
                }
                if number == Self.pieces / 2 { try await middle() }
                return number < Self.pieces ? piece(number) : nil
            })
        }
    }

    /// How often a content was begun.
    private final class Starts: Sendable {
        private let count = Mutex(0)
        var number: Int { count.withLock { $0 } }
        func add() -> Int {
            count.withLock { count in
                count += 1
                return count
            }
        }
    }

    private func client(_ registry: RunningRegistry) -> RegistryClient {
        RegistryClient(endpoint: RegistryEndpoint(registry.host), credentials: nil, transport: HTTPTransport())
    }

    /// A content that kills the registry in the middle of the first `times` attempts.
    private func content(_ registry: RunningRegistry, _ starts: Starts, times: Int = 1) -> BlobContent {
        .repeatable {
            let isHit = starts.add() <= times
            return Content.stream {
                guard isHit else { return }
                registry.kill()
                try await registry.restart()
            }
        }
    }

    enum Way: CaseIterable { case sized, chunked, measured }

    @Test(arguments: Way.allCases)
    func `an upload survives a registry that is restarted in its middle`(way: Way) async throws {
        let registry = try await RunningRegistry()
        let client = client(registry)
        let expected = try Content()
        let starts = Starts()
        let content = content(registry, starts)
        switch way {
        case .sized: try await client.uploadBlob("shop", expected.digest, size: expected.size, content)
        case .chunked: try await client.uploadBlob("shop", expected.digest, size: nil, content)
        case .measured:
            let (digest, size) = try await client.uploadBlob("shop", content)
            #expect(digest == expected.digest)
            #expect(size == expected.size)
        }
        #expect(starts.number == 2)
        #expect(try await client.blobExists("shop", expected.digest) == expected.size)
        var received = Int64(0)
        for try await piece in try await client.blob("shop", expected.digest) { received += Int64(piece.count) }
        #expect(received == expected.size)
    }

    @Test func `an upload is begun a few times, not forever`() async throws {
        let registry = try await RunningRegistry()
        let expected = try Content()
        let starts = Starts()
        let error = await #expect(throws: RegistryError.self) {
            try await client(registry).uploadBlob(
                "shop",
                expected.digest,
                size: expected.size,
                content(registry, starts, times: .max)
            )
        }
        #expect(error?.code == .unreachable)
        #expect(starts.number == 4)
        #expect(try await client(registry).blobExists("shop", expected.digest) == nil)
    }

    @Test func `bytes that pass by once are not begun again`() async throws {
        let registry = try await RunningRegistry()
        let expected = try Content()
        let stream = Content.stream {
            registry.kill()
            try await registry.restart()
        }
        let error = await #expect(throws: RegistryError.self) {
            try await client(registry).uploadBlob("shop", expected.digest, size: expected.size, .once(stream))
        }
        #expect(error?.code == .unreachable)
    }

    @Test func `the error of the content itself is passed on at once`() async throws {
        struct Broken: Error {}
        let registry = try await RunningRegistry()
        let starts = Starts()
        await #expect(throws: Broken.self) {
            try await client(registry).uploadBlob(
                "shop",
                .repeatable {
                    _ = starts.add()
                    return Content.stream { throw Broken() }
                }
            )
        }
        #expect(starts.number == 1)
    }

    @Test func `a blob that is read survives a restart too`() async throws {
        let registry = try await RunningRegistry()
        let client = client(registry)
        let expected = try Content()
        try await client.uploadBlob("shop", expected.digest, size: expected.size, .once(Content.stream {}))
        var hash = Sha256()
        var isFirst = true
        for try await piece in try await client.blob("shop", expected.digest) {
            hash.update(piece)
            if isFirst {
                registry.kill()
                try await registry.restart()
            }
            isFirst = false
        }
        #expect(hash.digest() == expected.digest)
    }
}
