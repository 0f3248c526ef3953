// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
package import ForgeModel
import ForgeTesting
import Testing

extension ClusterContract {
    /// Phases run in order on shared volumes; the cache outlives the task.
    package func runsTasks(_ app: AppName) async throws {
        let shared = TaskPhase.Mount(.scratch("shared"), at: "/shared")
        let cache = TaskPhase.Mount(.cache, at: "/cache")
        func build(_ name: String) -> ClusterTask {
            task(
                name,
                of: app,
                [
                    phase("write", "echo one; echo from-first > /shared/file; echo two", mounts: [shared, cache]),
                    phase(
                        "read",
                        "cat /shared/file; cat /cache/kept; echo kept > /cache/kept; true",
                        mounts: [shared, cache]
                    ),
                ],
                cache: "builds"
            )
        }
        let first = build("build-1")
        #expect(try await cluster.observe(app).tasks["build-1"] == nil)
        #expect(try await finish(first) == .succeeded)
        #expect(try await finish(first) == .succeeded)
        let written = try await output(of: first, phase: 0)
        #expect(written == ["one", "two"])
        let read = try await output(of: first, phase: 1)
        #expect(read.first == "from-first", "\(read)")
        #expect(try await cluster.observe(app).tasks["build-1"] == .succeeded)
        try await cluster.discard("build-1", of: app)
        #expect(try await cluster.observe(app).tasks.isEmpty)
        let second = build("build-2")
        #expect(try await finish(second) == .succeeded)
        let lines = try await output(of: second, phase: 1)
        #expect(lines.first == "from-first" && (lines == ["from-first", "kept"]) == keepsCaches, "\(lines)")
        try await cluster.discard("build-2", of: app)
        try await cluster.prepare(Space(app: app))
        try await destroy(app)
    }

    /// A phase that fails ends the task with its last lines, and nothing after it runs.
    package func reportsFailedPhases(_ app: AppName) async throws {
        let failing = task(
            "build-1",
            of: app,
            [
                phase("first", "echo fine"), phase("second", "echo broken >&2; exit 51"),
                phase("third", "echo never"),
            ]
        )
        let wanted = TaskState.failed(TaskFailure(phase: "second", exitCode: 51, output: ["broken"]))
        #expect(try await finish(failing) == wanted)
        #expect(try await cluster.observe(app).tasks == ["build-1": wanted])
        #expect(try await output(of: failing, phase: 2).isEmpty)
        try await cluster.discard("build-1", of: app)
        #expect(try await cluster.observe(app).tasks.isEmpty)
    }

    /// A task that takes too long is killed, and stays failed.
    package func endsLongTasks(_ app: AppName) async throws {
        let long = task("build-1", of: app, [phase("wait", "echo started; sleep 600")], timeout: shortTimeout)
        let wanted = TaskState.failed(
            TaskFailure(
                phase: "wait",
                exitCode: nil,
                reason: "took longer than \(shortTimeout)",
                output: ["started"]
            )
        )
        #expect(try await finish(long) == wanted)
        try await eventually("the container has ended") {
            try await cluster.observe(app).tasks == ["build-1": wanted]
        }
        #expect(try await cluster.advance(long) == wanted)
        try await cluster.discard("build-1", of: app)
    }

    /// Logs come in order, and those that follow come too, of containers that start later as well.
    package func givesLogs(_ app: AppName) async throws {
        let talk = "for i in 1 2 3; do echo line $i; done; sleep 600"
        let workload = workload(
            app,
            try ProcessType("worker"),
            command: .shell(talk),
            port: nil,
            healthcheck: .none,
            stopTimeout: TimeSpan(seconds: 1)
        )
        try await expectComplete(1, workload)
        #expect(try await logs(app) == ["line 1", "line 2", "line 3"])
        #expect(try await logs(app, tail: 2) == ["line 2", "line 3"])
        let follow = LogQuery(app: app, process: nil, tail: 1, follow: true)
        var lines = cluster.logs(follow).makeAsyncIterator()
        #expect(try await lines.next()?.text == "line 3")
        var more = workload
        more.instances = 2
        try await expectComplete(2, more, generation: 2)
        for wanted in ["line 1", "line 2", "line 3"] { #expect(try await lines.next()?.text == wanted) }
        try await destroy(app)
    }
}
