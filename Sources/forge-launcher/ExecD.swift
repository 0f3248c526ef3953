// SPDX-License-Identifier: Apache-2.0

import ForgeLaunch
import Glibc

/// Runs exec.d programs: each gets the environment so far and writes variables to its file descriptor 3.
enum ExecD {
    /// What the program wrote. Throws when it cannot be run or fails.
    static func run(_ program: String, _ environment: LayerEnvironment) throws(LaunchError) -> [UInt8] {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .failed("cannot make a pipe: \(Files.reason())") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // Duplicating onto itself keeps the descriptor open in the child although the pipe closes on exec (POSIX.1-2024
        // adddup2).
        posix_spawn_file_actions_adddup2(&actions, ends[1], 3)

        var child: pid_t = 0
        let status = Files.withStrings([Array(program.utf8)]) { argv in
            Files.withStrings(environment.entries) { envp in
                posix_spawn(&child, program, &actions, nil, argv, envp)
            }
        }
        close(ends[1])
        guard status == 0 else {
            close(ends[0])
            throw .failed("cannot run '\(program)': \(String(cString: strerror(status)))")
        }

        let result = Result { () throws(LaunchError) in try Files.read(ends[0], program, limit: ExecDOutput.limit) }
        // Before waiting: a program with more to write than is read would wait for a reader forever.
        close(ends[0])
        var ended: Int32 = 0
        while waitpid(child, &ended, 0) < 0, errno == EINTR {}
        let output = try result.get()
        guard ended == 0 else {
            let how = ended & 0x7F == 0 ? "exited with \(ended >> 8 & 0xFF)" : "was ended by signal \(ended & 0x7F)"
            throw .failed("'\(program)' \(how)")
        }
        return output
    }
}
