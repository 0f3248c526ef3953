// SPDX-License-Identifier: Apache-2.0

package import ForgeModel
import FoundationEssentials
import Glibc

/// Everything outside that a command may depend on: environment, folder, console and clock.
package struct Surroundings: Sendable {
    /// The environment variables.
    package var environment: [String: String]
    /// The console.
    package var console: Console
    /// The time.
    package var now: @Sendable () -> Timestamp
    /// How far the local time is from UTC at a moment, in seconds.
    package var offset: @Sendable (Timestamp) -> Int

    /// What the command that is running sees; tests put their own in its place.
    @TaskLocal package static var current = Surroundings.process

    /// Holds the parts.
    package init(
        environment: [String: String],
        console: Console,
        now: @escaping @Sendable () -> Timestamp,
        offset: @escaping @Sendable (Timestamp) -> Int = { _ in 0 }
    ) {
        self.environment = environment
        self.console = console
        self.now = now
        self.offset = offset
    }

    /// A variable's value; one that is empty counts as not set.
    func variable(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The process's own.
    package static let process = Surroundings(
        environment: ProcessInfo.processInfo.environment,
        console: .standard,
        now: {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Timestamp(number: time.tv_sec * 1000 + time.tv_nsec / 1_000_000)
        },
        offset: { moment in
            var seconds = time_t(moment.number / 1000)
            var local = tm()
            localtime_r(&seconds, &local)
            return local.tm_gmtoff
        }
    )
}
