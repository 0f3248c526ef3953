// SPDX-License-Identifier: Apache-2.0

import ForgeJSON
import ForgeKubernetesClient
import ForgePlatform

extension PlatformTarget {
    /// How often the cluster is asked while the parts start.
    private static let pause = Duration.milliseconds(500)

    /// Waits until every part runs; tells each that does, and what keeps one from it when that changes.
    func wait(for installation: PlatformInstallation, timeout: Duration, _ session: Session) async throws {
        var missing = try PlatformObjects(installation).all.filter { PlatformReadiness.kinds.contains($0.kind) }
        var told: [String: String] = [:]
        let end = ContinuousClock.now + timeout
        while true {
            var problems: [(part: PlatformObject, problem: String)] = []
            for part in missing {
                guard let problem = try await problem(of: part, installation) else {
                    session.note("\(part.title) is ready")
                    continue
                }
                problems.append((part, problem))
                if problem.contains(":"), told.updateValue(problem, forKey: part.title) != problem {
                    session.note("\(part.title): \(problem)")
                }
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
