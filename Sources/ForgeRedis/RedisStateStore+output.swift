// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
package import ForgeModel
import ForgePlan

// Output lines: specs/storage.md §6.
extension RedisStateStore {
    /// How long it is remembered which lines of a task are there, in seconds: longer than any task runs.
    private static let outputMemory = 86_400

    /// Appends output lines of a task as events of its generation, those that are not there yet.
    package func append(
        _ lines: [String],
        first: Int,
        phase: Int,
        task: ClusterTask,
        step: String,
        at: Timestamp
    ) async throws {
        guard !lines.isEmpty else { return }
        let events = lines.map { line in
            DeployEvent(.output, generation: task.generation, at: at, step: step, detail: line.cut(toBytes: 8192))
        }
        _ = try await pool.run(
            Self.outputScript,
            keys: [StorageKey.events(task.app), StorageKey.output(task)],
            [task.app.text, String(Self.keptEvents), String(phase), String(first), String(Self.outputMemory)]
                + (try events.map { try StoredForm.text($0) })
        )
    }

    private static let outputScript = RedisScript(
        """
        local events, output = unpack(KEYS)
        local app, kept, phase, first, memory = unpack(ARGV, 1, 5)
        local have = tonumber(redis.call('HGET', output, phase) or 0)
        local line = tonumber(first)
        for index = 6, #ARGV do
          if line >= have then redis.call('XADD', events, 'MAXLEN', '~', kept, '*', 'e', ARGV[index]) end
          line = line + 1
        end
        if line > have then
          redis.call('HSET', output, phase, line)
          redis.call('PUBLISH', 'forge:events', app)
        end
        redis.call('EXPIRE', output, memory)
        """
    )
}

extension String {
    /// The text where it is short enough, else its beginning and `…`, in at most so many bytes.
    func cut(toBytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var end = utf8.index(startIndex, offsetBy: limit - "…".utf8.count)
        while end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return self[..<end] + "…"
    }
}
