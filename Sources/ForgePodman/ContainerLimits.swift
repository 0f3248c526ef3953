// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The bounds that every container gets besides its memory and processor time.
package struct ContainerLimits: Sendable, Hashable {
    /// How many processes and threads one container may have at once (the pids cgroup).
    package let processes: Int
    /// `RLIMIT_NOFILE`.
    package let openFiles: UInt64
    /// `RLIMIT_NPROC`. It counts per user over all containers, so it is no bound here, but it has to be set:
    /// podman's own default lies above what its service may give, and then no container starts.
    package let userProcesses: UInt64
    /// How many bytes of log a workload's container keeps.
    package let logBytes: Int
    /// How many bytes of log one phase of a task keeps: all of it, in any sane build.
    package let taskLogBytes: Int

    /// Sets bounds.
    package init(
        processes: Int = 512,
        openFiles: UInt64,
        userProcesses: UInt64,
        logBytes: Int = 10 << 20,
        taskLogBytes: Int = 64 << 20
    ) {
        self.processes = processes
        self.openFiles = openFiles
        self.userProcesses = userProcesses
        self.logBytes = logBytes
        self.taskLogBytes = taskLogBytes
    }

    /// Resource limits at or below this process's hard ones, which podman's service shares: without CAP_SYS_RESOURCE
    /// nobody can give more. podman's service lowers its own NPROC to the kernel's highest process number.
    package static func ofThisMachine() -> ContainerLimits {
        ContainerLimits(
            openFiles: min(hardLimit(RLIMIT_NOFILE.rawValue), 65_536),
            userProcesses: min(hardLimit(__RLIMIT_NPROC.rawValue), highestProcessNumber())
        )
    }

    private static func hardLimit(_ resource: UInt32) -> UInt64 {
        var limit = rlimit()
        return getrlimit(__rlimit_resource_t(resource), &limit) == 0 ? UInt64(limit.rlim_max) : 1024
    }

    /// `/proc/sys/kernel/pid_max` (proc(5)); its lowest default where it cannot be read.
    private static func highestProcessNumber() -> UInt64 {
        guard let text = SmallFile.read("/proc/sys/kernel/pid_max"),
            let number = UInt64(text.prefix { $0.isNumber })
        else { return 32_768 }
        return number
    }
}
