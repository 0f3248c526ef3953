// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A process that is told apart from a later one with the same number, over a restart of the machine too.
struct ProcessIdentity: Hashable, Sendable, Codable {
    /// The process id.
    let pid: Int32
    /// When it started, in clock ticks since the machine did (proc(5), stat field 22).
    let start: UInt64
    /// The boot of the machine.
    let boot: String

    /// Identifies a running process; nil when there is none or only its remains.
    init?(of pid: Int32) {
        guard let stat = try? StateFile.read("/proc/\(pid)/stat"),
            let boot = try? StateFile.read("/proc/sys/kernel/random/boot_id")
        else { return nil }
        // The second field is the program's name in parentheses, and may hold any character.
        let fields = String(decoding: stat, as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 19, fields[0] != "Z", fields[0] != "X", let start = UInt64(fields[19]) else { return nil }
        self.pid = pid
        self.start = start
        self.boot = String(decoding: boot.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    /// Whether that very process still runs.
    var isAlive: Bool { ProcessIdentity(of: pid) == self }

    /// Reads the identity that was written; nil when there is none that can be read.
    static func load(from path: String) -> ProcessIdentity? {
        (try? StateFile.load(ProcessIdentity.self, from: path)).flatMap { $0 }
    }

    /// Ends the process and every other one of its group: asks first, and waits until it is gone.
    func end(patience: Duration) async throws {
        guard isAlive else { return }
        kill(pid, SIGTERM)
        if await isGone(within: patience) == false {
            kill(-pid, SIGKILL)
            kill(pid, SIGKILL)
            _ = await isGone(within: .seconds(5))
        }
        guard !isAlive else { throw SupervisorError(.failed, "process \(pid) does not end, even when killed") }
    }

    private func isGone(within patience: Duration) async -> Bool {
        let deadline = ContinuousClock.now + patience
        while isAlive {
            if ContinuousClock.now >= deadline { return false }
            try? await Task.sleep(for: .milliseconds(20))
        }
        return true
    }
}
