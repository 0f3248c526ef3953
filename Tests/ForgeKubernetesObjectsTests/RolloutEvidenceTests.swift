// SPDX-License-Identifier: Apache-2.0

import ForgeJSON
import ForgeModel
import Testing

@testable import ForgeKubernetesObjects

/// One row per line of specs/kubernetes.md §6.
@Suite struct RolloutEvidenceTests {
    /// The container of a pod, as a status tells it, and how long it has been so; nil as a verdict is "goes on".
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let status: String
        var conditions = #"[{"type":"PodScheduled","status":"True"}]"#
        var seconds = 0
        var healthcheck = Healthcheck.http(path: "/healthz", grace: TimeSpan(seconds: 60))
        var message: String?
        var log: LogSource?

        init(
            _ name: String,
            _ status: String,
            after seconds: Int = 0,
            _ message: String?,
            healthcheck: Healthcheck = .http(path: "/healthz", grace: TimeSpan(seconds: 60)),
            conditions: String = #"[{"type":"PodScheduled","status":"True"}]"#,
            isPrevious: Bool? = nil
        ) {
            testDescription = name
            self.status = status
            self.seconds = seconds
            self.message = message.map { "shop.web \($0)" }
            self.healthcheck = healthcheck
            self.conditions = conditions
            log = isPrevious.map { LogSource(pod: "shop-web-1-x", container: "web", isPrevious: $0) }
        }
    }

    private static func waiting(_ reason: String, _ message: String = "", before: String = "{}", restarts: Int = 0)
        -> String
    {
        #"{"name":"web","image":"r/apps/shop@sha256:1","restartCount":\#(restarts),"lastState":\#(before),"state":{"waiting":{"reason":"\#(reason)","message":"\#(message)"}}}"#
    }

    private static func running(_ extra: String = "", before: String = "{}", restarts: Int = 0) -> String {
        #"{"name":"web","restartCount":\#(restarts),"lastState":\#(before),"state":{"running":{}}\#(extra)}"#
    }

    private static func ended(_ code: Int, _ reason: String = "Error", seconds: Int = 1, message: String = "") -> String
    {
        #"{"terminated":{"exitCode":\#(code),"reason":"\#(reason)","message":"\#(message)","startedAt":"2026-11-24T10:00:00Z","finishedAt":"2026-11-24T10:\#(seconds / 60 < 10 ? "0" : "")\#(seconds / 60):\#(seconds % 60 < 10 ? "0" : "")\#(seconds % 60)Z"}}"#
    }

    private static let unschedulable =
        #"[{"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"0/1 nodes are available: 1 Insufficient memory."}]"#
    private static let missing = #"rpc error: code = NotFound desc = failed to pull: r/apps/shop: not found"#

    static let rows: [Row] = [
        Row("its image is pulled", waiting("ContainerCreating"), after: 500, nil),
        Row(
            "no such image",
            waiting("ErrImagePull", missing),
            "cannot start: the registry has no image r/apps/shop@sha256:1"
        ),
        Row("the registry refuses, for a moment", waiting("ErrImagePull", "connection refused"), after: 19, nil),
        Row(
            "the registry refuses",
            waiting("ErrImagePull", "connection refused"),
            after: 20,
            "cannot start: its image cannot be pulled: connection refused"
        ),
        Row("a name that is none", waiting("InvalidImageName", "bad name"), "cannot start: bad name"),
        Row(
            "a Secret is missing",
            waiting("CreateContainerConfigError", #"secret \"x\" not found"#),
            #"cannot start: secret "x" not found"#
        ),
        Row("the runtime refuses", waiting("RunContainerError", "no such device"), "cannot start: no such device"),
        Row(
            "no such program",
            waiting(
                "CrashLoopBackOff",
                before: ended(128, "StartError", message: "exec: /nope: no such file"),
                restarts: 1
            ),
            "cannot start: exec: /nope: no such file"
        ),
        Row("ended once, restarted", running(#","started":false"#, before: ended(1), restarts: 1), nil),
        Row(
            "ended twice, running again",
            running(#","started":false"#, before: ended(3), restarts: 2),
            "exited with 3 twice",
            isPrevious: true
        ),
        Row(
            "ended twice, waits",
            waiting("CrashLoopBackOff", before: ended(1), restarts: 1),
            "exited with 1 twice",
            isPrevious: false
        ),
        Row(
            "ended with 0 twice",
            #"{"name":"web","restartCount":1,"state":\#(ended(0, "Completed"))}"#,
            "exited with 0 twice",
            isPrevious: false
        ),
        Row(
            "out of memory once",
            running(#","started":false"#, before: ended(137, "OOMKilled"), restarts: 1),
            "was killed once at its memory limit of 256Mi",
            isPrevious: true
        ),
        Row(
            "the kubelet killed what was silent",
            waiting("CrashLoopBackOff", before: ended(143, seconds: 61), restarts: 1),
            "did not answer GET /healthz on port 8080 with 200 to 399 within 1m",
            isPrevious: false
        ),
        Row("no node, for a moment", "{}", after: 9, nil, conditions: unschedulable),
        Row(
            "no node",
            "{}",
            after: 10,
            "cannot start: no node can take it: 0/1 nodes are available: 1 Insufficient memory.",
            conditions: unschedulable
        ),
        Row("silent within the grace", running(#","started":false"#), after: 59, nil),
        Row(
            "silent for longer",
            running(#","started":false"#),
            after: 60,
            "did not answer GET /healthz on port 8080 with 200 to 399 within 1m",
            isPrevious: false
        ),
        Row(
            "does not listen",
            running(#","started":false"#),
            after: 2,
            "did not listen on port 8080 within 2s",
            healthcheck: .tcp(grace: TimeSpan(seconds: 2)),
            isPrevious: false
        ),
        Row("was ready, is not", running(#","started":true"#), after: 600, nil),
        Row("nothing is asked", running(#","started":true"#), after: 600, nil, healthcheck: .none),
    ]

    @Test(arguments: rows) func `every way to fail has its sentence`(_ row: Row) throws {
        let start = Timestamp(number: 1_000_000)
        let pod = try Self.pod(row.status, conditions: row.conditions, at: start)
        let evidence = RolloutEvidence(
            of: Units.workload(instances: 1, healthcheck: row.healthcheck),
            set: "abc",
            deployment: try Self.deployment(at: start),
            pods: [pod],
            at: start.adding(milliseconds: row.seconds * 1000)
        )
        #expect(evidence.verdict == (row.message.map { .failed(message: $0, log: row.log) } ?? .progressing(ready: 0)))
    }

    @Test func `a verdict that time alone changes says when`() throws {
        let start = Timestamp(number: 1_000_000)
        let pod = try Self.pod(Self.running(#","started":false"#), at: start)
        let workload = Units.workload(instances: 1)
        let evidence = RolloutEvidence(
            of: workload,
            set: "abc",
            deployment: try Self.deployment(at: start),
            pods: [pod],
            at: start
        )
        #expect(evidence.nextLook == start.adding(milliseconds: 60_000))
    }

    @Test func `why an image could not be pulled is known while the node waits before it tries again`() throws {
        let start = Timestamp(number: 0)
        let first = try Self.pod(Self.waiting("ErrImagePull", "connection refused"), at: start)
        let later = try Self.pod(
            Self.waiting("ImagePullBackOff", "Back-off pulling image"),
            after: first,
            at: start.adding(milliseconds: 9000)
        )
        #expect(later == first)
    }

    @Test func `time begins again with every run`() throws {
        let start = Timestamp(number: 0)
        let first = try Self.pod(Self.running(), at: start)
        let same = try Self.pod(Self.running(#","started":false"#), after: first, at: start.adding(milliseconds: 1))
        let restarted = try Self.pod(Self.running(restarts: 1), after: same, at: start.adding(milliseconds: 2))
        #expect([first, same, restarted].map(\.since.number) == [0, 0, 2])
    }

    @Test func `a quota that refuses the pod is told`() throws {
        let start = Timestamp(number: 0)
        let refused =
            #""conditions":[{"type":"ReplicaFailure","status":"True","reason":"FailedCreate","message":"exceeded quota: paas.forge"}]"#
        let deployment = try Self.deployment(refused, at: start)
        func verdict(_ seconds: Int) -> RolloutEvidence.Verdict {
            RolloutEvidence(
                of: Units.workload(instances: 1),
                set: "abc",
                deployment: deployment,
                pods: [],
                at: start.adding(milliseconds: seconds * 1000)
            ).verdict
        }
        #expect(verdict(9) == .progressing(ready: 0))
        #expect(
            verdict(10)
                == .failed(
                    message: "shop.web cannot start: the cluster refuses its pod: exceeded quota: paas.forge",
                    log: nil
                )
        )
    }

    @Test func `pods of other sets, and pods that end, fail nothing`() throws {
        let start = Timestamp(number: 0)
        let broken = Self.waiting("CrashLoopBackOff", before: Self.ended(1), restarts: 4)
        let old = try Self.pod(broken, set: "old", at: start)
        let ending = try Self.pod(broken, metadata: #","deletionTimestamp":"2026-11-24T10:00:00Z""#, at: start)
        let evidence = RolloutEvidence(
            of: Units.workload(instances: 1),
            set: "abc",
            deployment: try Self.deployment(at: start),
            pods: [old, ending],
            at: start
        )
        #expect(evidence.verdict == .progressing(ready: 0))
    }

    @Test func `a rollout is complete when the wanted pods and no others are ready`() throws {
        let start = Timestamp(number: 0)
        func verdict(_ status: String) throws -> RolloutEvidence.Verdict {
            RolloutEvidence(
                of: Units.workload(instances: 1),
                set: "abc",
                deployment: try Self.deployment(status, at: start),
                pods: [],
                at: start
            ).verdict
        }
        let counts = #""replicas":1,"updatedReplicas":1,"availableReplicas":1"#
        #expect(try verdict(counts) == .complete)
        #expect(try verdict(counts + #","observedGeneration":1"#) == .progressing(ready: 0))
        #expect(try verdict(#""replicas":2,"updatedReplicas":1,"availableReplicas":2"#) == .progressing(ready: 0))
    }

    @Test func `before the apply is seen nothing is said of it`() throws {
        let start = Timestamp(number: 0)
        let pod = try Self.pod(Self.running(#","started":false"#), set: "new", at: start)
        let evidence = RolloutEvidence(
            of: Units.workload(instances: 1),
            set: "new",
            deployment: try Self.deployment(at: start),
            pods: [pod],
            at: start.adding(milliseconds: 3_600_000)
        )
        #expect(evidence.verdict == .progressing(ready: 0))
    }

    @Test(arguments: [
        "{}", "[]", "null", #"{"status":{"containerStatuses":[{"name":7}],"conditions":7}}"#, #"{"status":[]}"#,
    ])
    func `a pod that makes no sense is one that says nothing`(_ text: String) throws {
        let pod = PodFacts(try JSONValue(parsing: Array(text.utf8)), after: nil, at: Timestamp(number: 0))
        #expect(pod.containers.isEmpty && !pod.isReady)
    }

    // MARK: Objects

    private static func pod(
        _ status: String,
        set: String = "abc",
        conditions: String = "[]",
        metadata: String = "",
        after previous: PodFacts? = nil,
        at now: Timestamp
    ) throws -> PodFacts {
        let text = """
            {"metadata":{"name":"shop-web-1-x"\(metadata),"labels":{"paas.forge/process":"web","paas.forge/set":"\(set)"}},
             "spec":{"containers":[{"name":"web"}]},
             "status":{"phase":"Running","conditions":\(conditions),"containerStatuses":[\(status)]}}
            """
        return PodFacts(try JSONValue(parsing: Array(text.utf8)), after: previous, at: now)
    }

    private static func deployment(_ status: String = "", at now: Timestamp) throws -> DeploymentFacts {
        let observed =
            status.contains("observedGeneration")
            ? status : [status, #""observedGeneration":2"#].filter { !$0.isEmpty }.joined(separator: ",")
        let text = """
            {"metadata":{"generation":2},"spec":{"replicas":1,"template":{"metadata":{"labels":
             {"paas.forge/process":"web","paas.forge/set":"abc"}}}},"status":{\(observed)}}
            """
        return DeploymentFacts(try JSONValue(parsing: Array(text.utf8)), after: nil, at: now)
    }
}
