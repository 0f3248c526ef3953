// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeModel
import ForgePlan
import Testing

extension StateStoreContract {
    static let eventRules = [
        StateStoreContract("events come in order, from the oldest or after a position") { store in
            let app = try Samples.app()
            try await store.append(Samples.events(0..<250), of: app)
            try await store.append([], of: app)
            let all = try await store.events(app, count: 250)
            #expect(all.map(\.event) == Samples.events(0..<250))
            #expect(Set(all.map(\.position)).count == 250)
            #expect(try await store.lastEvent(app) == all.last?.position)
            let rest = try await store.events(app, after: all[99].position, count: 150)
            #expect(rest == Array(all[100...]))
        },
        StateStoreContract("a follower that starts in the middle sees each event once, in order") { store in
            let app = try Samples.app()
            try await store.append(Samples.events(0..<120), of: app)
            let middle = try #require(try await store.events(app, count: 60).last)
            try await withThrowingTaskGroup(of: [StoredEvent].self) { group in
                for _ in 0..<3 {
                    group.addTask { try await store.events(app, after: middle.position, count: 540) }
                }
                for start in stride(from: 120, to: 600, by: 3) {
                    try await store.append(Samples.events(start..<start + 3), of: app)
                    try await store.append(Samples.events(0..<1), of: Samples.app("other"))
                }
                for try await followed in group { #expect(followed.map(\.event) == Samples.events(60..<600)) }
            }
        },
        StateStoreContract("a follower of an app without events waits for the first") { store in
            let app = try Samples.app()
            async let first = store.events(app, count: 1)
            try await store.append(Samples.events(0..<1), of: app)
            #expect(try await first.map(\.event) == Samples.events(0..<1))
        },
        StateStoreContract("a follower ends when its task is cancelled") { store in
            let app = try Samples.app()
            try await store.append(Samples.events(0..<1), of: app)
            let (seen, signal) = AsyncStream.makeStream(of: Void.self)
            let follower = Task {
                for try await _ in store.events(app, after: nil) { signal.yield() }
                return true
            }
            for await _ in seen { break }
            follower.cancel()
            let outcome = await follower.result
            // Ending quietly and with a cancellation error are both an end.
            if case .failure(let error) = outcome { #expect(error is CancellationError) }
        },
        StateStoreContract("a line of output is added once") { store in
            let app = try Samples.app()
            let at = Timestamp(number: 1)
            let task = Samples.task(of: app, generation: 4)
            let lines = (0..<8).map { "line \($0)" }
            try await store.append(Array(lines[0..<3]), first: 0, phase: 0, task: task, step: "build", at: at)
            try await store.append(Array(lines[0..<3]), first: 0, phase: 0, task: task, step: "build", at: at)
            try await store.append(Array(lines[1..<5]), first: 1, phase: 0, task: task, step: "build", at: at)
            try await store.append(Array(lines[2..<3]), first: 2, phase: 0, task: task, step: "build", at: at)
            try await store.append([], first: 9, phase: 0, task: task, step: "build", at: at)
            try await store.append(Array(lines[5..<6]), first: 0, phase: 1, task: task, step: "build", at: at)
            let other = Samples.task("shop-release-4", of: app, generation: 4)
            try await store.append(Array(lines[6..<8]), first: 0, phase: 0, task: other, step: "release", at: at)
            let events = try await store.events(app, count: 8).map(\.event)
            #expect(events.map(\.detail) == lines)
            #expect(events.map(\.step) == Array(repeating: "build", count: 6) + ["release", "release"])
            #expect(events.allSatisfy { $0.kind == .output && $0.generation == task.generation && $0.at == at })
            #expect(try await store.lastEvent(app) == store.events(app, count: 8).last?.position)
        },
        StateStoreContract("a task that runs again for a later generation is heard again") { store in
            let app = try Samples.app()
            for generation in 1...2 {
                let task = Samples.task(of: app, generation: generation)
                try await store.append(
                    ["hello"],
                    first: 0,
                    phase: 0,
                    task: task,
                    step: "build",
                    at: Timestamp(number: 1)
                )
            }
            #expect(try await store.events(app, count: 2).map(\.event.generation.number) == [1, 2])
        },
        StateStoreContract("a line is cut to 8 KiB, between characters") { store in
            let app = try Samples.app()
            let long = "x" + String(repeating: "é", count: 10_000)
            let whole = String(repeating: "y", count: 8192)
            let task = Samples.task(of: app)
            let at = Timestamp(number: 1)
            try await store.append([long, whole, "z\u{0}ü"], first: 0, phase: 0, task: task, step: "build", at: at)
            let details = try await store.events(app, count: 3).map(\.event.detail)
            #expect(details == ["x" + String(repeating: "é", count: 4094) + "…", whole, "z\u{0}ü"])
        },
    ]

    static let tokenRules = [
        StateStoreContract("a token's hash is kept by name and replaced") { store in
            try await store.saveToken(name: "admin", hash: Samples.digest("1"))
            try await store.saveToken(name: "ci ü\u{0}", hash: Samples.digest("2"))
            try await store.saveToken(name: "admin", hash: Samples.digest("3"))
            #expect(try await store.tokens() == ["admin": Samples.digest("3"), "ci ü\u{0}": Samples.digest("2")])
        }
    ]
}
