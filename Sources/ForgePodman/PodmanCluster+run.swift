// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeHTTP
import ForgeModel
import FoundationEssentials
import Logging
import ServiceLifecycle

extension PodmanCluster: Service {
    /// podman's events (`events.Event`), as far as they are read.
    private struct Event: Decodable {
        struct Actor: Decodable {
            let id: String
            let attributes: [String: String]?

            private enum CodingKeys: String, CodingKey {
                case id = "ID"
                case attributes = "Attributes"
            }
        }

        let actor: Actor
        let action: String

        private enum CodingKeys: String, CodingKey {
            case actor = "Actor"
            case action = "Action"
        }
    }

    /// Probes, publishes, restarts and retires until the task is cancelled or the service group shuts down. Containers
    /// go on running after that.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.followEvents() }
                group.addTask { await self.watch() }
                group.addTask { await self.keepApart() }
                group.addTask { await self.retireAll() }
            }
        }
        hub.finish()
    }

    // MARK: Events

    private func followEvents() async {
        while !Task.isCancelled {
            do {
                let query = [("stream", "true"), try PodmanClient.filter([owner])]
                let lines = try await client.lines("/events", query: query)
                // What happened before is not told again.
                missed()
                for try await line in lines { note(line) }
            } catch {
                logger.debug("podman's events ended", metadata: ["reason": "\(error)"])
            }
            missed()
            try? await Task.sleep(for: .seconds(1))
        }
    }

    private func note(_ line: String) {
        guard let event = try? JSONDecoder().decode(Event.self, from: Data(line.utf8)) else { return }
        fleet.invalidate(event.actor.id)
        if event.action == "died", let code = event.actor.attributes?["containerExitCode"].flatMap({ Int($0) }) {
            fleet.noteExit(of: event.actor.id, code: code)
        }
        if let app = event.actor.attributes?[Label.app].flatMap({ try? AppName($0) }) { hub.hint(app) }
    }

    private func missed() {
        fleet.invalidateAll()
        for app in Set(fleet.members(at: .now).map(\.instance.app)) { hub.hint(app) }
    }

    // MARK: Watching

    /// Looks when something happened and every 5 s, keeps one probing task per running container, and sees to restarts.
    private func watch() async {
        await withDiscardingTaskGroup { group in
            var probed: Set<Instance.Run> = []
            var looked: ContinuousClock.Instant?
            var isReachable = true
            while !Task.isCancelled {
                let isDue = looked.map { .now - $0 >= .seconds(5) } ?? true
                if fleet.takeStaleness() || isDue {
                    do {
                        try await look()
                        looked = .now
                        if !isReachable { logger.info("podman answers again") }
                        isReachable = true
                    } catch {
                        // Unknown is never empty: what was known stays published.
                        fleet.invalidate(nil)
                        if Task.isCancelled { return }
                        if isReachable { logger.warning("podman cannot be seen", metadata: ["reason": "\(error)"]) }
                        isReachable = false
                        try? await Task.sleep(for: .seconds(1))
                    }
                }
                let runs = Set(fleet.members(at: .now).map(\.instance).filter(Self.isProbed).map(\.run))
                for run in runs.subtracting(probed) { group.addTask { await self.probe(run) } }
                probed = runs
                for app in fleet.takeSettled(at: .now) { hub.hint(app) }
                await restartFailed()
                await publishAll()
                try? await Task.sleep(for: .milliseconds(200))
            }
        }
    }

    /// Reads every container of every app again whose state may have changed.
    private func look() async throws {
        let changed = fleet.takeChanged()
        do {
            var instances: [Instance] = []
            for summary in try await client.containers([owner]) {
                hintIfOverdue(summary)
                guard summary.labels[Label.process] != nil else { continue }
                if !changed.contains(summary.id), let known = fleet.unchanged(summary.id), known.matches(summary) {
                    instances.append(known)
                } else if let instance = try await client.container(summary.id).flatMap({ Instance($0) }) {
                    instances.append(instance)
                }
            }
            fleet.replaceAll(instances)
        } catch {
            for id in changed { fleet.invalidate(id) }
            throw error
        }
    }

    /// A task whose time is over has to be looked at, and nothing else will tell.
    private func hintIfOverdue(_ summary: ContainerSummary) {
        guard summary.state == "running", let deadline = summary.labels[Label.deadline].flatMap({ Int($0) }),
            Moment.now.timestamp.number >= deadline, let app = summary.labels[Label.app].flatMap({ try? AppName($0) })
        else { return }
        hub.hint(app)
    }

    private static func isProbed(_ instance: Instance) -> Bool {
        instance.healthcheck != .none && instance.endpoint != nil
    }

    /// Probes one run of a container until it ends.
    private func probe(_ run: Instance.Run) async {
        while !Task.isCancelled, let instance = fleet.instance(of: run), let endpoint = instance.endpoint {
            let answered = await probe.answers(endpoint, instance.healthcheck)
            guard !Task.isCancelled else { return }
            if fleet.note(run, answered: answered) {
                await publishAll()
                hub.hint(instance.app)
            }
            let readiness = fleet.readiness(of: run)
            let age = Moment.now.milliseconds(since: run.started)
            // Somebody may be waiting to hear that its time is over.
            if !readiness.wasReady, age >= instance.healthcheck.grace.milliseconds { hub.hint(instance.app) }
            try? await Task.sleep(for: .milliseconds(readiness.pause(runningFor: age)))
        }
    }

    private func restartFailed() async {
        for instance in fleet.takeRestarts(at: .now) {
            do {
                if case .started = try await launch(instance.id) { fleet.noteRestart(of: instance) }
                logger.info("restarted \(instance.shortName)", metadata: ["app": "\(instance.app)"])
            } catch {
                logger.debug("\(instance.shortName) did not restart", metadata: ["reason": "\(error)"])
            }
            fleet.invalidate(instance.id)
        }
    }

    /// Says once when the router stops taking endpoints and once when it takes them again.
    private func publishAll() async {
        do {
            try await publisher.publish()
            if publisher.note(isRefused: false) { logger.info("the router takes endpoints again") }
        } catch {
            if !Task.isCancelled, publisher.note(isRefused: true) {
                logger.warning("the router does not take endpoints", metadata: ["reason": "\(error)"])
            }
        }
    }

    // MARK: Walls

    /// Puts the rule that keeps apps apart back every 5 s: whoever loads the host's packet filter anew takes it away.
    private func keepApart() async {
        var isKept = true
        while !Task.isCancelled {
            do {
                try await isolation.ensure()
                if !isKept { logger.info("apps are kept apart again") }
                isKept = true
            } catch {
                if isKept, !Task.isCancelled { logger.error("\(error)") }
                isKept = false
            }
            try? await Task.sleep(for: .seconds(5))
        }
    }

    // MARK: Retiring

    private func retireAll() async {
        await withDiscardingTaskGroup { group in
            for await instances in retirements {
                for instance in instances { group.addTask { await self.finish(instance) } }
            }
        }
    }

    /// Stops and removes one container. When that fails it is no longer marked, and the next advance decides anew.
    private func finish(_ instance: Instance) async {
        do {
            try await end(instance)
        } catch {
            fleet.keep([instance])
            logger.debug("\(instance.shortName) was not retired", metadata: ["reason": "\(error)"])
        }
        hub.hint(instance.app)
    }
}

extension Instance {
    /// Whether a list shows the container as it was when it was last read.
    func matches(_ summary: ContainerSummary) -> Bool {
        State(podman: summary.state) == state
            && max(summary.startedAt, 0) == max(started.nanoseconds, 0) / 1_000_000_000
    }
}
