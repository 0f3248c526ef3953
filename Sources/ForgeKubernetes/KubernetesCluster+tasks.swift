// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeKubernetesClient
import ForgeKubernetesObjects
package import ForgeModel
import Synchronization

extension KubernetesCluster {
    /// Creates the task's job unless it is there; says how it stands.
    ///
    /// The job's name follows from the task, so the cluster itself refuses a second one.
    package func advance(_ task: ClusterTask) async throws -> TaskState {
        let connection = try connection()
        try connection.require([.job, .pod])
        if let job = try await job(of: task, in: connection) { return await state(of: job, in: connection) }
        guard task.kind == .build else { return try await start(task, in: connection) }
        let ticket = BuildQueue.Ticket(app: task.app, task: task.name)
        let running = runningBuilds(in: connection)
        let ahead = builds.withLock { $0.ask(ticket, running: running, limit: settings.builds, at: .now) }
        if let ahead { return .queued(ahead: ahead) }
        defer { builds.withLock { $0.end(ticket) } }
        return try await start(task, in: connection)
    }

    /// Deletes the task's job with its pods, and its credentials.
    package func discard(_ task: String, of app: AppName) async throws {
        let connection = try connection()
        try connection.require([.job])
        builds.withLock { $0.forget(BuildQueue.Ticket(app: app, task: task)) }
        for cache in connection.caches(.job) {
            for job in cache.objects(of: app) where job.content.task == task {
                try await delete(job, cache.resource, cache)
            }
        }
        try await removeCredentials(of: task, app, in: connection)
    }

    // MARK: Looking

    /// The task's job; asks the server before it says that there is none, for a job must not run twice.
    private func job(of task: ClusterTask, in connection: Connection) async throws -> CachedObject? {
        let namespace = settings.naming.namespace(of: task.kind)
        let name = settings.naming.task(task.name, of: task.app)
        guard let cache = connection.cache(.job, namespace) else { return nil }
        var job = cache.object(named: name)
        if job == nil {
            job = try await ClusterError.translating {
                try await client.get(cache.resource, namespace: namespace, name: name).flatMap { cache.kept(of: $0) }
            }
        }
        guard let job else { return nil }
        guard job.content.instance == settings.naming.instance, job.app == task.app, job.content.task == task.name
        else {
            throw ClusterError(.refused, "Job/\(job.key) exists and is not \(task.app)'s; remove it")
        }
        guard !job.isTerminating else {
            throw ClusterError(.conflict, "Job/\(job.key) is being removed; it is made again when it is gone")
        }
        return job
    }

    private func runningBuilds(in connection: Connection) -> Set<BuildQueue.Ticket> {
        let jobs = connection.cache(.job, settings.naming.buildsNamespace)?.objects ?? []
        return Set(
            jobs.compactMap { job in
                guard let facts = job.content.facts.job, !facts.hasSucceeded, facts.failure == nil, let app = job.app
                else { return nil }
                return BuildQueue.Ticket(app: app, task: facts.task)
            }
        )
    }

    /// How a task stands, by its job and the pods of exactly that job.
    func state(of job: CachedObject, in connection: Connection) async -> TaskState {
        guard let facts = job.content.facts.job else { return .absent }
        let pods = pods(of: job, in: connection)
        switch TaskEvidence(of: facts, pods: pods.compactMap(\.content.facts.pod), at: .now).verdict {
        case .running(let phase): return .running(phase: phase)
        case .succeeded: return .succeeded
        case .failed(let phase, let exitCode, let reason, let log):
            let lines = await output(log, of: pods)
            return .failed(TaskFailure(phase: phase, exitCode: exitCode, reason: reason, output: lines))
        }
    }

    /// The pods of a job.
    func pods(of job: CachedObject, in connection: Connection) -> [CachedObject] {
        guard let app = job.app else { return [] }
        return connection.cache(.pod, job.key.namespace)?.objects(of: app).filter { $0.content.owner == job.uid } ?? []
    }

    // MARK: Starting

    private func start(_ task: ClusterTask, in connection: Connection) async throws -> TaskState {
        guard let first = task.phases.first else {
            throw ClusterError(.invalid, "the task \(task.name) of \(task.app) has no phase")
        }
        let objects = spelling.objects(of: task, settings.provisions)
        for object in objects.foundations { try await ensure(object, of: object.isShared ? nil : task.app) }
        if let credentials = objects.credentials { try await give(credentials, in: connection) }
        let namespace = objects.job.namespace
        guard let cache = connection.cache(.job, namespace) else {
            throw ClusterError(.invalid, "jobs in \(namespace ?? "no namespace") are not watched")
        }
        try await ClusterError.translating {
            try await cache.write(objects.job.name) {
                try await client.create(objects.job.body, resource: cache.resource, namespace: namespace)
            }
        }
        return .running(phase: first.name)
    }

    /// Secrets are written and never read: one that is left from before is replaced.
    private func give(_ credentials: KubernetesObject, in connection: Connection) async throws {
        let resource = try connection.resource(of: credentials)
        let namespace = credentials.namespace
        try await ClusterError.translating {
            do {
                try await client.create(credentials.body, resource: resource, namespace: namespace)
            } catch let error as KubernetesError where error.code == .exists {
                try await client.delete(resource, namespace: namespace, name: credentials.name)
                try await client.create(credentials.body, resource: resource, namespace: namespace)
            }
        }
    }

    private func removeCredentials(of task: String, _ app: AppName, in connection: Connection) async throws {
        guard settings.provisions.registryAuth != nil,
            let secrets = connection.discovery.resource(group: "", kind: "Secret", versions: ["v1"])
        else { return }
        try await ClusterError.translating {
            try await client.delete(
                secrets,
                namespace: settings.naming.buildsNamespace,
                name: settings.naming.task(task, of: app)
            )
        }
    }
}
