// SPDX-License-Identifier: Apache-2.0

package import ForgeAPI
package import ForgeEngine
package import ForgeModel
import ForgeServer
import ForgeTesting

/// A registry that keeps sources in memory.
package final class FakeImages: Images {
    private let sources = Shared<[Digest: [UInt8]]>([:])
    private let unreachable = Shared(false)

    package init() {}

    /// What is stored under a digest.
    package func source(_ digest: Digest) -> [UInt8]? { sources.value[digest] }

    /// Makes it not answer from now on.
    package func disconnect() { unreachable.update { $0 = true } }

    package func platform() async throws -> Platform { throw ImagesError(.unreachable, "no platform in this test") }

    package func facts(_ app: AppName, key: BuildKey, source: Digest) async throws -> ImageFacts { ImageFacts() }

    package func store(
        source: Digest,
        of app: AppName,
        size: Int?,
        bytes: any AsyncSequence<[UInt8], any Error> & Sendable
    ) async throws {
        guard !unreachable.value else { throw ImagesError(.unreachable, "the registry does not answer") }
        var all: [UInt8] = []
        for try await piece in bytes { all += piece }
        let content = all
        guard Sample.digest(of: content) == source else {
            throw ImagesError(.invalid, "the bytes do not have the digest \(source.short)")
        }
        sources.update { $0[source] = content }
    }

    package func publish(_ app: AppName, key: BuildKey, as release: ReleaseNumber) async throws -> Digest {
        throw ImagesError(.missing, "nothing is built in this test")
    }

    package func forget(_ app: AppName) async throws {}
}

/// A cluster that only has logs.
package final class FakeCluster: Cluster {
    private let lines = Shared<[LogLine]>([])
    private let followers = Shared(0)

    package init() {}

    package var dialect: any Dialect { PlainDialect() }

    /// How many calls follow logs now.
    package var following: Int { followers.value }

    /// What logs answer with.
    package func write(_ line: LogLine) { lines.update { $0.append(line) } }

    package func logs(_ query: LogQuery) -> AsyncThrowingStream<LogLine, any Error> {
        let matching = lines.value.filter { query.process == nil || $0.process == query.process }.suffix(query.tail)
        return AsyncThrowingStream { continuation in
            for line in matching { continuation.yield(line) }
            guard query.follow else {
                continuation.finish()
                return
            }
            self.followers.update { $0 += 1 }
            continuation.onTermination = { _ in self.followers.update { $0 -= 1 } }
        }
    }

    package func observe(_ app: AppName) async throws -> ClusterObservation { ClusterObservation() }
    package func prepare(_ space: Space) async throws {}
    package func advance(_ workload: Workload, generation: Generation) async throws -> RolloutState {
        .complete(ready: 0)
    }
    package func advance(_ task: ClusterTask) async throws -> TaskState { .absent }
    package func discard(_ task: String, of app: AppName) async throws {}
    package func remove(_ object: ObjectReference, of app: AppName) async throws {}
    package func changes() -> AsyncStream<AppName> { AsyncStream { $0.finish() } }
    package func output(of task: ClusterTask, phase: Int) -> AsyncThrowingStream<String, any Error> {
        AsyncThrowingStream { $0.finish() }
    }
}

/// Statuses that a test sets.
package final class FakeStatus: StatusSource {
    private let documents = Shared<[AppStatusDocument]>([])

    package init() {}

    /// Sets how an app stands.
    package func set(_ document: AppStatusDocument) {
        documents.update { all in
            all.removeAll { $0.app == document.app }
            all.append(document)
        }
    }

    package func status(_ app: AppName) async throws -> AppStatusDocument? {
        documents.value.first { $0.app == app }
    }

    package func statuses() async throws -> [AppStatusDocument] { documents.value.sorted { $0.app < $1.app } }
}
