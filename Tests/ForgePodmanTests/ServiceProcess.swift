// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// `podman system service` as a child process.
final class ServiceProcess: Sendable {
    private let folder: String
    private let child = Mutex<pid_t?>(nil)

    init(folder: String) { self.folder = folder }

    /// Starts it in its folder, for conmon leaves an empty file `oom` there when a container runs out of memory; its
    /// output goes to a file in the folder.
    func start() throws {
        let arguments = [
            "/usr/bin/env", "-C", folder, "podman", "--root", "\(folder)/storage", "--runroot", "\(folder)/run",
            "--storage-driver", "overlay",
            "system", "service", "--time", "0", "unix://\(folder)/podman.sock",
        ]
        var environment = ProcessInfo.processInfo.environment
        environment["CONTAINERS_CONF"] = "\(folder)/containers.conf"
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "\(folder)/service.log", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        let pid = try Self.spawn(arguments, environment.map { "\($0)=\($1)" }, &actions)
        child.withLock { $0 = pid }
    }

    /// Ends it as a crash would.
    func kill() { end(SIGKILL) }

    /// Asks it to end.
    func stop() { end(SIGTERM) }

    private func end(_ signal: Int32) {
        child.withLock { child in
            guard let pid = child else { return }
            Glibc.kill(pid, signal)
            waitpid(pid, nil, 0)
            child = nil
        }
    }

    private static func spawn(
        _ arguments: [String],
        _ environment: [String],
        _ actions: inout posix_spawn_file_actions_t
    ) throws -> pid_t {
        // Containers inherit the service's signal mask, and the test's threads block some.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var pid: pid_t = 0
        let argv = arguments.map { strdup($0) } + [nil]
        let envp = environment.map { strdup($0) } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        let code = posix_spawn(&pid, arguments[0], &actions, &attributes, argv, envp)
        guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EINVAL) }
        return pid
    }
}
