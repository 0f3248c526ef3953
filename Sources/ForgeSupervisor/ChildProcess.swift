// SPDX-License-Identifier: Apache-2.0

import ForgeOCI
import Glibc
import Synchronization

/// A running child with a process group of its own, whose output goes to a log file.
///
/// Each child has one thread, which starts it and then waits for it. The kernel sends a child the signal that
/// `PR_SET_PDEATHSIG` asked for when the *thread* that started it ends (prctl(2)), so that thread has to stay: on a
/// thread of a pool, a child would be ended with the next idle thread.
final class ChildProcess: Sendable {
    private enum State {
        case running([CheckedContinuation<ExitStatus, Never>])
        case ended(ExitStatus)
    }

    /// Sets the death signal, then becomes the program; part of util-linux, which every Debian has.
    static let setpriv = "/usr/bin/setpriv"

    let pid: pid_t
    private let endsGroup: Bool
    private let state = Mutex(State.running([]))

    private init(pid: pid_t, endsGroup: Bool) {
        self.pid = pid
        self.endsGroup = endsGroup
    }

    /// Starts a command; standard output and error are appended to the file at `log`, or are this program's own. With `endsGroup`, what is left
    /// of the child's group when it has ended is killed: a new nginx could not listen beside a dead one's workers.
    static func start(
        _ command: ChildCommand,
        log: String?,
        input: String = "/dev/null",
        endsGroup: Bool
    ) async throws -> ChildProcess {
        try await withCheckedThrowingContinuation { continuation in
            let birth = Birth(
                command: command,
                log: log,
                input: input,
                endsGroup: endsGroup,
                continuation: continuation
            )
            let context = Unmanaged.passRetained(birth)
            var attributes = pthread_attr_t()
            pthread_attr_init(&attributes)
            defer { pthread_attr_destroy(&attributes) }
            pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
            var thread = pthread_t()
            let status = pthread_create(
                &thread,
                &attributes,
                { context in
                    if let context { Unmanaged<Birth>.fromOpaque(context).takeRetainedValue().run() }
                    return nil
                },
                context.toOpaque()
            )
            if status != 0 {
                context.release()
                continuation.resume(throwing: SupervisorError(.failed, "no thread can be started for a child process"))
            }
        }
    }

    /// How it ended, once it has.
    func exit() async -> ExitStatus {
        await withCheckedContinuation { continuation in
            let status: ExitStatus? = state.withLock { state in
                switch state {
                case .ended(let status): return status
                case .running(var waiting):
                    waiting.append(continuation)
                    state = .running(waiting)
                    return nil
                }
            }
            if let status { continuation.resume(returning: status) }
        }
    }

    /// Signals the process, or its whole group, while it runs; the number cannot belong to another process by then.
    func signal(_ number: Int32, group: Bool = false) {
        state.withLock { state in
            if case .running = state { kill(group ? -pid : pid, number) }
        }
    }

    /// Waits for the end on the child's thread. The group is killed before the child is reaped: until then the number
    /// cannot belong to another group.
    fileprivate func awaitEnd() {
        var information = siginfo_t()
        while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        let (status, waiting): (ExitStatus, [CheckedContinuation<ExitStatus, Never>]) = state.withLock { state in
            if endsGroup { kill(-pid, SIGKILL) }
            var code: Int32 = 0
            while waitpid(pid, &code, 0) < 0, errno == EINTR {}
            let status = code & 0x7f == 0 ? ExitStatus.exited(code >> 8 & 0xff) : .killed(signal: code & 0x7f)
            guard case .running(let waiting) = state else { return (status, []) }
            state = .ended(status)
            return (status, waiting)
        }
        for continuation in waiting { continuation.resume(returning: status) }
    }

    /// What a new child's thread does.
    private final class Birth: Sendable {
        private let command: ChildCommand
        private let log: String?
        private let input: String
        private let endsGroup: Bool
        private let continuation: CheckedContinuation<ChildProcess, any Error>

        init(
            command: ChildCommand,
            log: String?,
            input: String,
            endsGroup: Bool,
            continuation: CheckedContinuation<ChildProcess, any Error>
        ) {
            self.command = command
            self.log = log
            self.input = input
            self.endsGroup = endsGroup
            self.continuation = continuation
        }

        func run() {
            let child: ChildProcess
            do {
                child = ChildProcess(pid: try spawn(), endsGroup: endsGroup)
            } catch {
                continuation.resume(throwing: error)
                return
            }
            continuation.resume(returning: child)
            child.awaitEnd()
        }

        private func spawn() throws -> pid_t {
            var actions = posix_spawn_file_actions_t()
            posix_spawn_file_actions_init(&actions)
            defer { posix_spawn_file_actions_destroy(&actions) }
            posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
            if let log {
                posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
                posix_spawn_file_actions_adddup2(&actions, 1, 2)
            }
            // What this program opens is closed on exec; what it inherited itself may not be.
            for inherited in try Directory.names(in: "/proc/self/fd").compactMap({ Int32($0) }) where inherited > 2 {
                posix_spawn_file_actions_addclose(&actions, inherited)
            }

            var attributes = posix_spawnattr_t()
            posix_spawnattr_init(&attributes)
            defer { posix_spawnattr_destroy(&attributes) }
            var none = sigset_t()
            sigemptyset(&none)
            var all = sigset_t()
            sigfillset(&all)
            posix_spawnattr_setsigmask(&attributes, &none)
            posix_spawnattr_setsigdefault(&attributes, &all)
            posix_spawnattr_setpgroup(&attributes, 0)
            posix_spawnattr_setflags(
                &attributes,
                Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)
            )

            let words = [ChildProcess.setpriv, "--pdeathsig", "TERM", "--", command.executable] + command.arguments
            let variables = command.environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            var pid: pid_t = 0
            let status = words.withCStrings { arguments in
                variables.withCStrings { environment in
                    posix_spawn(&pid, ChildProcess.setpriv, &actions, &attributes, arguments, environment)
                }
            }
            guard status == 0 else {
                throw SupervisorError(
                    .failed,
                    "cannot start '\(command.executable)': \(String(cString: strerror(status)))"
                )
            }
            return pid
        }
    }
}

extension [String] {
    /// The strings as C does it: pointers, and a null pointer behind the last one.
    fileprivate func withCStrings<Result>(
        _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers: [UnsafeMutablePointer<CChar>?] = map { strdup($0) }
        pointers.append(nil)
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("the array has a null pointer at least") }
            return body(base)
        }
    }
}
