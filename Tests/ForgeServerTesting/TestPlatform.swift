// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
package import ForgeModel
package import ForgePlan
package import ForgeServer
package import ForgeTesting
import Logging
import ServiceLifecycle

/// The real API server on a loopback port, on fakes of everything behind it.
package struct TestPlatform: Sendable {
    package let store = FakeStateStore()
    package let images = FakeImages()
    package let cluster = FakeCluster()
    package let status = FakeStatus()
    package let plans: FakePlans
    /// A token that the store knows, under the name `ana`.
    package let token: BearerToken

    /// The moment that every commit is dated by.
    package static let moment = Timestamp(number: 1_700_000_000_000)

    /// Makes the parts; nothing listens yet.
    package init(hasToken: Bool = true) async {
        plans = FakePlans(store: store, images: images)
        token = BearerToken()
        if hasToken { await store.saveToken(name: "ana", hash: token.hash()) }
    }

    /// Serves while `body` runs, which gets the port; ends as a platform that is told to.
    package func serve<Value: Sendable>(
        _ settings: APISettings = APISettings(port: 0),
        _ body: @escaping @Sendable (Int) async throws -> Value
    ) async throws -> Value {
        let (ports, listening) = AsyncStream<Int>.makeStream()
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let server = APIServer(
            settings: settings,
            store: store,
            images: images,
            cluster: cluster,
            plans: plans,
            status: status,
            now: { Self.moment },
            logger: logger,
            listening: { port in listening.yield(port) }
        )
        let services = ServiceGroup(services: [server], logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { listening.finish() }
                try await services.run()
            }
            guard let port = await ports.first(where: { _ in true }) else {
                try await group.waitForAll()
                throw NotListening()
            }
            do {
                let value = try await body(port)
                await services.triggerGracefulShutdown()
                return value
            } catch {
                await services.triggerGracefulShutdown()
                throw error
            }
        }
    }

    /// Has an app wanted.
    package func commit(_ app: AppName) async throws {
        let wish = Wish.run(Sample.manifest(app), source: Sample.digest("a"))
        _ = try await store.commit(app, wish, by: "ana", at: Self.moment, expected: nil)
    }

    /// Takes an app that is due and lets it rest, as a loop that looked at it; gives which one it was.
    @discardableResult package func rest() async -> AppName? {
        guard let claim = await store.claim(worker: "test", lease: TimeSpan(seconds: 60)) else { return nil }
        await store.finish(claim, again: nil)
        return claim.app
    }

    /// Works on the next generation of an app as the reconciler would: waits for the commit, and tells what happens.
    package func play(_ app: AppName, _ generation: Generation, _ events: [DeployEvent]) async throws {
        try await eventually("\(app) has generation \(generation)", every: .milliseconds(5)) {
            await store.desired(app)?.generation == generation
        }
        try await store.append(events, of: app)
    }

    private struct NotListening: Error {}
}
