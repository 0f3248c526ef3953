// SPDX-License-Identifier: Apache-2.0

import ForgeOCI
import Glibc

/// The right to be the one supervisor of a state folder, held until the last reference or the process ends.
package final class StateLock: Sendable {
    private let file: Int32

    private init(file: Int32) { self.file = file }

    deinit { close(file) }

    /// Takes the lock; throws `locked` with the process id of the supervisor that holds it.
    package static func take(_ folder: StateFolder) throws -> StateLock {
        let file = try SystemCallError.check("open", folder.lock) {
            open(folder.lock, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        }
        let lock = StateLock(file: file)
        guard try lock.takesInTime(folder) else {
            let holder = try StateFile.read(folder.lock).flatMap { Int(String(decoding: $0, as: UTF8.self)) }
            throw SupervisorError(
                .locked,
                "'\(folder.path)' is in use by \(holder.map { "supervisor \($0)" } ?? "another supervisor"); "
                    + "forge down stops it"
            )
        }
        let text = Array(String(getpid()).utf8)
        try SystemCallError.check("write", folder.lock) { ftruncate(file, 0) }
        _ = try SystemCallError.checkSize("write", folder.lock) { pwrite(file, text, text.count, 0) }
        return lock
    }

    /// Whether a supervisor holds the lock of a folder that had one.
    static func isHeld(_ folder: StateFolder) throws -> Bool {
        let file = try SystemCallError.check("open", folder.lock) { open(folder.lock, O_RDWR | O_CLOEXEC) }
        return try !StateLock(file: file).takes(folder)
    }

    /// Tries for half a second: whoever asks whether there is a supervisor holds the lock for a moment.
    private func takesInTime(_ folder: StateFolder) throws -> Bool {
        for attempt in 0..<25 {
            if attempt > 0 { usleep(20_000) }
            if try takes(folder) { return true }
        }
        return false
    }

    private func takes(_ folder: StateFolder) throws -> Bool {
        do {
            try SystemCallError.check("lock", folder.lock) { flock(file, LOCK_EX | LOCK_NB) }
            return true
        } catch let error as SystemCallError where error.code == EWOULDBLOCK {
            return false
        }
    }
}
