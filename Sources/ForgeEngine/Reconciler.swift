// SPDX-License-Identifier: Apache-2.0

package import ForgeModel
package import Logging
import ServiceLifecycle

/// The level-triggered loop: takes apps from the ready set and brings each closer to what is wanted of it.
///
/// 1. claim: one app, one worker, under a lease with a fencing token.
/// 2. observe: the world as it is now; events only said that looking is worth it.
/// 3. plan, and check the plan.
/// 4. journal, then apply one step.
/// 5. again from 2, until nothing is left to do or only waiting is.
///
/// Waiting holds no worker: the app goes back, and a change in the cluster or its deadline makes it due again.
package struct Reconciler: Service {
    /// What bounds the loop.
    package struct Settings: Sendable {
        /// How many apps are worked on at once.
        package var workers = 4
        /// How long a worker may be silent before its app is given to another.
        package var lease = TimeSpan(seconds: 15)
        /// How long an app that nobody touches rests between two looks at it.
        package var resync = TimeSpan(seconds: 60)
        /// The longest that a waiting step rests; changes wake it sooner.
        package var waitingPoll = TimeSpan(seconds: 2)

        /// The usual bounds.
        package init() {}
    }

    private let store: any StateStore
    private let cluster: any Cluster
    private let settings: Settings
    private let logger: Logger
    private let pass: ReconcilePass
    private let pump: OutputPump

    /// Joins the ports.
    package init(
        store: any StateStore,
        cluster: any Cluster,
        images: any Images,
        router: any Router,
        observer: Observer,
        clock: WallClock,
        settings: Settings = Settings(),
        logger: Logger
    ) {
        self.store = store
        self.cluster = cluster
        self.settings = settings
        self.logger = logger
        pump = OutputPump(cluster: cluster, store: store, clock: clock, logger: logger)
        pass = ReconcilePass(
            store: store,
            observer: observer,
            executor: PlanExecutor(cluster: cluster, images: images, router: router),
            pump: pump,
            clock: clock,
            settings: settings,
            logger: logger
        )
    }

    /// Runs until it is cancelled or asked to shut down.
    package func run() async throws {
        await cancelWhenGracefulShutdown { await self.loop() }
    }

    private func loop() async {
        let wakeups = (0..<settings.workers).map { _ in
            AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        }
        await withDiscardingTaskGroup { group in
            let wake: @Sendable () -> Void = { wakeups.forEach { $0.continuation.yield() } }
            for (index, wakeup) in wakeups.enumerated() {
                group.addTask { await self.work(as: "worker-\(index)", wakeup.stream) }
            }
            group.addTask { for await _ in self.store.ticks() { wake() } }
            group.addTask { await self.every(TimeSpan(seconds: 1), wake) }
            group.addTask { await self.resync() }
            group.addTask { await self.listen() }
            group.addTask { await self.pump.run() }
        }
    }

    private func work(as worker: String, _ wakeups: AsyncStream<Void>) async {
        for await _ in wakeups {
            do {
                while !Task.isCancelled, let claim = try await store.claim(worker: worker, lease: settings.lease) {
                    try await hold(claim)
                }
            } catch {
                logger.debug("the ready set could not be read", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Works on a claimed app while the lease is renewed beside it.
    private func hold(_ claim: Claim) async throws {
        let delay = await withTaskGroup(of: TimeSpan?.self) { group in
            group.addTask {
                do {
                    return try await self.pass.run(claim)
                } catch {
                    self.logger.warning("a pass failed", metadata: ["app": "\(claim.app)", "error": "\(error)"])
                    return self.settings.waitingPoll
                }
            }
            group.addTask {
                await self.renew(claim)
                return self.settings.waitingPoll
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
        try await store.finish(claim, again: delay)
    }

    /// Ends when the lease is lost, or with its task.
    private func renew(_ claim: Claim) async {
        let third = Duration.milliseconds(settings.lease.milliseconds / 3)
        while (try? await Task.sleep(for: third)) != nil {
            do {
                try await store.renew(claim, lease: settings.lease)
            } catch StoreError.lostLease {
                logger.warning("the lease was lost", metadata: ["app": "\(claim.app)"])
                return
            } catch {
                logger.debug("the lease could not be renewed", metadata: ["app": "\(claim.app)", "error": "\(error)"])
            }
        }
    }

    private func every(_ span: TimeSpan, _ action: @Sendable () async -> Void) async {
        while (try? await Task.sleep(for: .milliseconds(span.milliseconds))) != nil { await action() }
    }

    /// Changes in the cluster are hints: they name an app that is worth a look.
    private func listen() async {
        for await app in cluster.changes() {
            do {
                try await store.wake(app, after: nil)
            } catch {
                logger.debug("a change could not be noted", metadata: ["app": "\(app)", "error": "\(error)"])
            }
        }
    }

    /// Looks at every app at the start and then from time to time: hints may be lost.
    private func resync() async {
        let wakeAll: @Sendable () async -> Void = {
            do {
                for app in try await self.store.apps() { try await self.store.wake(app, after: nil) }
            } catch {
                self.logger.debug("apps could not be listed", metadata: ["error": "\(error)"])
            }
        }
        await wakeAll()
        await every(settings.resync, wakeAll)
    }
}
