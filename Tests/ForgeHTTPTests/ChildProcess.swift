// SPDX-License-Identifier: Apache-2.0

import ForgeTesting
import Glibc

/// A program that a test starts, with its output in a pipe; killed and reaped when the value goes.
final class ChildProcess {
    private let identifier: pid_t
    /// The child's standard output and standard error.
    private let output: Int32

    init(_ arguments: [String]) throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw StubError("pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
        var pointers = arguments.map { strdup($0) } + [nil]
        defer { pointers.forEach { free($0) } }
        var child = pid_t()
        let status = posix_spawnp(&child, arguments[0], &actions, nil, &pointers, environ)
        close(ends[1])
        output = ends[0]
        identifier = child
        guard status == 0 else { throw StubError(arguments[0]) }
    }

    deinit {
        kill(identifier, SIGKILL)
        waitpid(identifier, nil, 0)
        close(output)
    }

    /// The next piece of output; `nil` when the child has closed it.
    func readOutput() -> String? {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(output, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
    }
}
