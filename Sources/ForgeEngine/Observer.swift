// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgePlanner
import Synchronization

/// Looks at the world for one app and target; what cannot be seen is unknown, never empty (specs/plan.md §2).
package final class Observer: Sendable {
    private let cluster: any Cluster
    private let images: any Images
    private let router: any Router
    /// What the platform was when the registry last told: enough to keep releases running while it does not answer.
    private let lastPlatform = Mutex<Platform?>(nil)

    /// Observes through these ports.
    package init(cluster: any Cluster, images: any Images, router: any Router) {
        self.cluster = cluster
        self.images = images
        self.router = router
    }

    /// The platform and the world as they are now.
    func observe(_ app: AppName, _ target: PlanTarget) async throws -> (Known<Platform>, Observation) {
        async let clusterNow = known { try await self.cluster.observe(app) }
        async let routesNow = known { try await self.router.routes(app) }
        let platformNow = try await known { try await self.images.platform() }
        let facts = try await self.facts(app, target, platformNow)
        let observation = Observation(cluster: try await clusterNow, images: facts, routes: try await routesNow)
        return (remember(platformNow), observation)
    }

    /// The app's part of the cluster, for status: the registry matters to plans only.
    func look(_ app: AppName) async throws -> (Platform?, Known<ClusterObservation>) {
        let seen = try await known { try await self.cluster.observe(app) }
        if let platform = lastPlatform.withLock({ $0 }) { return (platform, seen) }
        guard case .known(let platform) = remember(try await known { try await self.images.platform() }) else {
            return (nil, seen)
        }
        return (platform, seen)
    }

    private func facts(_ app: AppName, _ target: PlanTarget, _ platform: Known<Platform>) async throws -> Known<
        ImageFacts
    > {
        guard case .candidate(let manifest, let source) = target else { return .known(ImageFacts()) }
        switch platform {
        case .unknown(let reason): return .unknown(reason)
        case .known(let platform):
            let key = try BuildKey(source: source, settings: manifest.build, platform: platform)
            return try await known { try await self.images.facts(app, key: key, source: source) }
        }
    }

    private func remember(_ platform: Known<Platform>) -> Known<Platform> {
        lastPlatform.withLock { last in
            if case .known(let now) = platform { last = now }
            return last.map(Known.known) ?? platform
        }
    }

    /// Turns the faults of ports into "unknown, because …"; a cancelled look stays an error.
    private func known<Value>(_ look: @Sendable () async throws -> Value) async throws -> Known<Value> {
        do {
            return .known(try await look())
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            return .unknown("\(error)")
        }
    }
}
