// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeModel
import Foundation
import Testing

@testable import ForgePodman

@Suite struct RolloutDecisionTests {
    private static let now = Moment(nanoseconds: 1_800_000_000_000_000_000)

    /// A container of the set `set`, made `age` seconds ago.
    private func member(
        _ set: String,
        _ ordinal: Int = 1,
        age: Int = 10,
        state: String = "running",
        ready: Bool? = true,
        retiring: Bool = false,
        exitCode: Int = 0,
        restarts: Int = 0,
        generation: Int = 1
    ) throws -> Member {
        let made = ISO8601DateFormatter().string(
            from: Date(timeIntervalSince1970: Double(Self.now.nanoseconds / 1_000_000_000) - Double(age))
        )
        let unit = #"{"healthcheck":{"grace":"60s","type":"tcp"},"port":"8080"}"#
        let json: [String: Any] = [
            "Id": "\(set)\(ordinal)", "Created": made, "RestartCount": restarts,
            "State": ["Status": state, "ExitCode": exitCode, "StartedAt": made, "FinishedAt": made],
            "Config": [
                "StopTimeout": 10,
                "Labels": [
                    "forge.app": "shop", "forge.process": "web", "forge.set": set, "forge.ordinal": "\(ordinal)",
                    "forge.generation": "\(generation)", "forge.unit": unit,
                ],
            ],
            "HostConfig": ["LogConfig": ["Path": "/log"], "Memory": 0],
            "NetworkSettings": ["Networks": ["n": ["IPAddress": "10.0.0.\(ordinal)"]]],
        ]
        let data = try JSONSerialization.data(withJSONObject: json)
        let instance = try #require(Instance(try JSONDecoder().decode(ContainerDetails.self, from: data)))
        var readiness: Readiness?
        if let ready {
            readiness = Readiness()
            readiness?.note(answered: ready)
        }
        return Member(
            instance: instance,
            readiness: readiness,
            isReady: state == "running" && ready == true,
            isRetiring: retiring
        )
    }

    private func decide(_ members: [Member], set: String = "new", wanted: Int = 2, generation: Int = 2)
        -> RolloutDecision
    {
        RolloutDecision(
            set: set,
            wanted: wanted,
            generation: Generation(number: generation),
            members: members,
            now: Self.now
        )
    }

    @Test func createsWhatIsMissing() throws {
        #expect(decide([]).creations == [1, 2])
        let decision = decide([try member("new", 2), try member("old", age: 99)])
        #expect(decision.creations == [1])
        #expect(decision.retirements.isEmpty && !decision.isComplete && decision.ready == 1)
    }

    @Test func oldSetStaysWholeUntilAllAreReady() throws {
        let old = [try member("old", 1, age: 99), try member("old", 2, age: 99)]
        let waiting = decide(old + [try member("new", 1), try member("new", 2, ready: false)])
        #expect(waiting.retirements.isEmpty && waiting.ready == 1)
        let done = decide(old + [try member("new", 1), try member("new", 2)])
        #expect(done.retirements.map(\.id) == ["old1", "old2"] && !done.isComplete)
        let stopping = decide([try member("old", age: 99, retiring: true), try member("new", 1), try member("new", 2)])
        #expect(stopping.retirements.isEmpty && !stopping.isComplete)
        #expect(decide([try member("new", 1), try member("new", 2)]).isComplete)
    }

    @Test func overtakenSetGoesAtOnce() throws {
        let decision = decide([
            try member("old", age: 99), try member("stuck", age: 50, ready: false), try member("new", 1),
        ])
        #expect(decision.retirements.map(\.id) == ["stuck1"])
    }

    @Test func surplusGoesAtOnce() throws {
        let decision = decide([try member("new", 1), try member("new", 2), try member("new", 3)])
        #expect(decision.retirements.map(\.id) == ["new3"])
    }

    @Test func retiredContainerThatIsWantedAgainIsAwaited() throws {
        let decision = decide([try member("new", 1, retiring: true), try member("new", 2)])
        #expect(decision.creations.isEmpty && decision.ready == 1 && !decision.isComplete)
    }

    @Test func thirdExitFails() throws {
        let twice = try member("new", state: "exited", ready: nil, exitCode: 1, restarts: 1, generation: 2)
        #expect(decide([twice]).failure == nil)
        let thrice = try member("new", state: "exited", ready: nil, exitCode: 1, restarts: 2, generation: 2)
        #expect(decide([thrice]).failure?.reason == .exited(code: 1, times: 3))
        // Started again by podman it has no exit code; what an event said counts.
        var again = try member("new", ready: nil, restarts: 3, generation: 2)
        #expect(decide([again]).failure == nil)
        again.lastExitCode = 137
        #expect(decide([again]).failure?.reason == .exited(code: 137, times: 3))
        // A ready one has a past, not a fault.
        let recovered = try member("new", 1, restarts: 9, generation: 2)
        #expect(decide([recovered, try member("new", 2)]).isComplete)
    }

    @Test func failedContainerOfAnEarlierGenerationMayTryAgain() throws {
        let failed = try member("new", state: "exited", ready: nil, exitCode: 1, restarts: 5, generation: 1)
        let decision = decide([failed])
        #expect(decision.failure == nil && decision.removals.map(\.id) == ["new1"])
    }

    @Test func silenceFailsAfterTheGraceAndOnlyWhenItWasProbed() throws {
        #expect(decide([try member("new", age: 59, ready: false, generation: 2)]).failure == nil)
        #expect(decide([try member("new", age: 61, ready: nil, generation: 2)]).failure == nil)
        let silent = try member("new", age: 61, ready: false, generation: 2)
        #expect(decide([silent]).failure?.reason == .silent)
    }

    @Test func createdContainersAreStarted() throws {
        let decision = decide([try member("new", 1, state: "created", ready: nil), try member("new", 2)])
        #expect(decision.starts.map(\.id) == ["new1"])
    }

    @Test func noInstancesRetireEverything() throws {
        let decision = decide([try member("old"), try member("new", retiring: true)], wanted: 0)
        #expect(decision.retirements.map(\.id) == ["old1"] && !decision.isComplete)
        #expect(decide([], wanted: 0).isComplete)
    }

    @Test func trafficGoesToTheOldestSetThatAnswers() throws {
        let old = try member("old", age: 99)
        let new = try member("new", 2)
        #expect(WorkloadSets([new, old]).endpoints.map(\.address) == ["10.0.0.1"])
        let retired = try member("old", age: 99, retiring: true)
        #expect(WorkloadSets([new, retired]).endpoints.map(\.address) == ["10.0.0.2"])
        let silent = try member("old", age: 99, ready: false)
        #expect(WorkloadSets([new, silent]).endpoints.map(\.address) == ["10.0.0.2"])
        #expect(WorkloadSets([silent]).endpoints.isEmpty)
    }

    @Test func oneSlowAnswerTakesNothingOutOfService() {
        var readiness = Readiness()
        readiness.note(answered: false)
        #expect(!readiness.isReady && readiness.pause(runningFor: 0) == 250)
        readiness.note(answered: true)
        #expect(readiness.isReady && readiness.pause(runningFor: 0) == 5_000)
        readiness.note(answered: false)
        readiness.note(answered: false)
        #expect(readiness.isReady && readiness.pause(runningFor: 0) == 1_000)
        readiness.note(answered: false)
        #expect(!readiness.isReady && readiness.wasReady)
    }
}
