// SPDX-License-Identifier: Apache-2.0

import ForgeJSON
import ForgeModel
import Testing

@testable import ForgeKubernetesObjects

@Suite struct TaskEvidenceTests {
    private static let start = Timestamp(number: 1_000_000)

    private func job(_ conditions: String = "[]") throws -> JobFacts {
        let text = """
            {"metadata":{"labels":{"paas.forge/task":"build-1"}},"status":{"conditions":\(conditions)},
             "spec":{"template":{"spec":{"activeDeadlineSeconds":1800,
              "initContainers":[{"name":"detect"},{"name":"build"}],"containers":[{"name":"export"}]}}}}
            """
        return JobFacts(try JSONValue(parsing: Array(text.utf8)), after: nil, at: Self.start)
    }

    /// A pod whose phases are like this, in order.
    private func pod(_ states: [String], _ status: String = #""phase":"Running""#) throws -> PodFacts {
        let entries = zip(["detect", "build", "export"], states).map { name, state in
            #"{"name":"\#(name)","image":"r/builder","state":\#(state)}"#
        }
        // Servers do not list them in the order of the spec.
        let text = """
            {"metadata":{"name":"shop-build-1-x","labels":{"paas.forge/task":"build-1"}},
             "spec":{"initContainers":[{"name":"detect"},{"name":"build"}],"containers":[{"name":"export"}]},
             "status":{\(status),"initContainerStatuses":[\(entries.prefix(2).reversed().joined(separator: ","))],
              "containerStatuses":[\(entries.dropFirst(2).joined(separator: ","))]}}
            """
        return PodFacts(try JSONValue(parsing: Array(text.utf8)), after: nil, at: Self.start)
    }

    private func verdict(_ job: JobFacts, _ pods: [PodFacts], after seconds: Int = 0) -> TaskEvidence.Verdict {
        TaskEvidence(of: job, pods: pods, at: Self.start.adding(milliseconds: seconds * 1000)).verdict
    }

    private static let done = #"{"terminated":{"exitCode":0}}"#
    private static let runs = #"{"running":{}}"#
    private static let waits = #"{"waiting":{"reason":"PodInitializing"}}"#

    @Test func `the phase that runs is told`() throws {
        let job = try job()
        #expect(verdict(job, []) == .running(phase: "detect"))
        #expect(verdict(job, [try pod([Self.waits, Self.waits, Self.waits])]) == .running(phase: "detect"))
        #expect(verdict(job, [try pod([Self.done, Self.runs, Self.waits])]) == .running(phase: "build"))
        #expect(verdict(job, [try pod([Self.done, Self.done, Self.runs])]) == .running(phase: "export"))
        #expect(verdict(try self.job(#"[{"type":"Complete","status":"True"}]"#), []) == .succeeded)
    }

    @Test func `a phase that fails is told with its code and its log`() throws {
        let failed = try pod([Self.done, #"{"terminated":{"exitCode":51}}"#, Self.waits], #""phase":"Failed""#)
        let log = LogSource(pod: "shop-build-1-x", container: "build", isPrevious: false)
        #expect(verdict(try job(), [failed]) == .failed(phase: "build", exitCode: 51, reason: nil, log: log))
    }

    @Test(arguments: [
        (#"{"terminated":{"exitCode":137,"reason":"OOMKilled"}}"#, 137, "was killed at its memory limit"),
        (
            #"{"terminated":{"exitCode":128,"reason":"StartError","message":"no such file"}}"#, nil,
            "cannot start: no such file"
        ),
    ])
    func `why a phase was ended is told`(_ state: String, _ code: Int?, _ reason: String) throws {
        let failed = try pod([state, Self.waits, Self.waits], #""phase":"Failed""#)
        let log = LogSource(pod: "shop-build-1-x", container: "detect", isPrevious: false)
        #expect(verdict(try job(), [failed]) == .failed(phase: "detect", exitCode: code, reason: reason, log: log))
    }

    @Test func `what takes too long is told with how long it might`() throws {
        let late = try pod(
            [Self.done, #"{"terminated":{"exitCode":137}}"#, Self.waits],
            #""phase":"Failed","reason":"DeadlineExceeded""#
        )
        let log = LogSource(pod: "shop-build-1-x", container: "build", isPrevious: false)
        #expect(
            verdict(try job(), [late])
                == .failed(phase: "build", exitCode: nil, reason: "took longer than 30m", log: log)
        )
        let never = try job(#"[{"type":"Failed","status":"True","reason":"DeadlineExceeded"}]"#)
        #expect(
            verdict(never, []) == .failed(phase: "detect", exitCode: nil, reason: "took longer than 30m", log: nil)
        )
    }

    @Test func `an image that cannot be pulled is told, and at once when the registry has none`() throws {
        func pulling(_ message: String) throws -> PodFacts {
            try pod([#"{"waiting":{"reason":"ErrImagePull","message":"\#(message)"}}"#, Self.waits, Self.waits])
        }
        let missing = "cannot start: the registry has no image r/builder"
        #expect(
            verdict(try job(), [try pulling("r/builder: not found")])
                == .failed(phase: "detect", exitCode: nil, reason: missing, log: nil)
        )
        #expect(verdict(try job(), [try pulling("refused")], after: 19) == .running(phase: "detect"))
        #expect(
            verdict(try job(), [try pulling("refused")], after: 20)
                == .failed(
                    phase: "detect",
                    exitCode: nil,
                    reason: "cannot start: its image cannot be pulled: refused",
                    log: nil
                )
        )
    }

    @Test func `a task that no node takes waits a minute for one`() throws {
        let waiting = try pod(
            [],
            #""phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","message":"0/1 nodes"}]"#
        )
        #expect(verdict(try job(), [waiting], after: 59) == .running(phase: "detect"))
        #expect(
            verdict(try job(), [waiting], after: 60)
                == .failed(
                    phase: "detect",
                    exitCode: nil,
                    reason: "cannot start: no node can take it: 0/1 nodes",
                    log: nil
                )
        )
    }

    @Test func `a pod that is lost or never made is told`() throws {
        let lost = try job(#"[{"type":"Failed","status":"True","reason":"BackoffLimitExceeded","message":"limit"}]"#)
        #expect(
            verdict(lost, []) == .failed(phase: "detect", exitCode: nil, reason: "its pod is lost: limit", log: nil)
        )
        guard case .failed(_, _, let reason?, _) = verdict(try job(), [], after: 60) else {
            Issue.record("a task without a pod goes on for ever")
            return
        }
        #expect(reason.contains("made no pod"))
        let evicted = try pod(
            [Self.runs, Self.waits, Self.waits],
            #""phase":"Failed","reason":"Evicted","message":"The node was low on memory.""#
        )
        let log = LogSource(pod: "shop-build-1-x", container: "detect", isPrevious: false)
        #expect(
            verdict(try job(), [evicted])
                == .failed(
                    phase: "detect",
                    exitCode: nil,
                    reason: "its pod ended: Evicted: The node was low on memory.",
                    log: log
                )
        )
    }
}
