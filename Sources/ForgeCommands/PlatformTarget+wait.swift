// SPDX-License-Identifier: Apache-2.0

import ForgeJSON
import ForgeKubernetesClient
import ForgePlatform

extension PlatformTarget {
    /// How often the cluster is asked while the parts start.
    private static let pause = Duration.milliseconds(500)

    /// Waits until every part runs; tells each that does, and what keeps one from it, once.
    func wait(for installation: PlatformInstallation, timeout: Duration, _ session: Session) async throws {
        var missing = try PlatformObjects(installation).all.filter { PlatformReadiness.kinds.contains($0.kind) }
        var told: Set<String> = []
        let end = ContinuousClock.now + timeout
        while true {
            var problems: [(part: PlatformObject, problem: String)] = []
            for part in missing {
                guard let problem = try await problem(of: part, installation) else {
                    session.note("\(part.title) is ready")
                    continue
                }
                problems.append((part, problem))
                let line = "\(part.title): \(problem)"
                if problem.contains(":"), told.insert(line).inserted { session.note(line) }
            }
            guard !problems.isEmpty else { return }
            guard ContinuousClock.now < end else { throw Self.late(problems.map { "\($0.title): \($1)" }, timeout) }
            missing = problems.map(\.part)
            try await Task.sleep(for: Self.pause)
        }
    }

    private static func late(_ problems: [String], _ timeout: Duration) -> CommandFailure {
        CommandFailure(
            "timed-out",
            "the platform is not ready after \(timeout.components.seconds) s, and goes on starting; "
                + problems.joined(separator: "; "),
            .pending
        )
    }

    private func problem(of part: PlatformObject, _ installation: PlatformInstallation) async throws -> String? {
        guard let problem = try await state(of: part, installation) else { return nil }
        guard let ended = problem.ended, let words = await lastWords(of: ended, in: part.namespace ?? "") else {
            return problem.text
        }
        return "\(problem.text): \(words)"
    }

    /// The last line that a container wrote; nil when there is none, or none that can be read.
    private func lastWords(of container: PlatformReadiness.Container, in namespace: String) async -> String? {
        var last: String?
        let lines = client.logs(
            namespace: namespace,
            pod: container.pod,
            container: container.name,
            tail: 1,
            previous: container.isReplaced
        )
        do {
            for try await line in lines where !line.isEmpty { last = String(line.prefix(300)).withoutControls }
        } catch {
            return nil
        }
        return last
    }

    private func state(
        of part: PlatformObject,
        _ installation: PlatformInstallation
    ) async throws -> PlatformReadiness.Problem? {
        let workload = try await client.get(
            try resource(part.apiVersion, part.kind),
            namespace: part.namespace,
            name: part.name
        )
        if PlatformReadiness.problem(workload, pods: []) == nil { return nil }
        let pods = try await list(
            try resource("v1", "Pod"),
            in: part.namespace,
            labels: "app.kubernetes.io/name=\(part.name),paas.forge/instance=\(installation.instance)"
        )
        return PlatformReadiness.problem(workload, pods: pods)
    }
}
