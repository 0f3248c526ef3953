// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The terminal, or the files and pipes, that a command talks to.
package struct Console: Sendable {
    /// Where text goes: results to `output`, everything else to `error`.
    package enum Stream: Int32, Sendable { case output = 1, error = 2 }

    /// Whether a person can answer.
    package var isInputTerminal: Bool
    /// Whether results are read by a person.
    package var isOutputTerminal: Bool
    /// Whether progress is watched by a person.
    package var isErrorTerminal: Bool
    /// Writes text, all of it.
    package var write: @Sendable (Stream, String) -> Void
    /// Reads a line without its end; nil at the end of input.
    package var readLine: @Sendable () -> String?
    /// How many columns and rows the terminal has now.
    package var size: @Sendable () -> (columns: Int, rows: Int)

    /// Holds a console's parts.
    package init(
        isInputTerminal: Bool,
        isOutputTerminal: Bool,
        isErrorTerminal: Bool,
        write: @escaping @Sendable (Stream, String) -> Void,
        readLine: @escaping @Sendable () -> String? = { nil },
        size: @escaping @Sendable () -> (columns: Int, rows: Int) = { (80, 24) }
    ) {
        self.isInputTerminal = isInputTerminal
        self.isOutputTerminal = isOutputTerminal
        self.isErrorTerminal = isErrorTerminal
        self.write = write
        self.readLine = readLine
        self.size = size
    }

    /// The process's own standard streams.
    package static let standard = Console(
        isInputTerminal: isatty(0) == 1,
        isOutputTerminal: isatty(1) == 1,
        isErrorTerminal: isatty(2) == 1,
        write: { stream, text in writeAll(Array(text.utf8), to: stream.rawValue) },
        readLine: { Swift.readLine() },
        size: { terminalSize() }
    )

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                // Whoever gave the stream made it non-blocking, and reads more slowly than this writes.
                var reader = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&reader, 1, -1)
            } else if errno != EINTR {
                if descriptor == Stream.output.rawValue { endWithoutResult(errno) }
                return
            }
        }
    }

    /// Ends the program: a result that nobody gets is none.
    private static func endWithoutResult(_ fault: Int32) -> Never {
        if fault != EPIPE {
            let text = "error: the result cannot be written to stdout: \(String(cString: strerror(fault)))\n"
            writeAll(Array(text.utf8), to: Stream.error.rawValue)
        }
        exit(ExitStatus.failed.rawValue)
    }

    private static func terminalSize() -> (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(2, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
        return (Int(size.ws_col), Int(size.ws_row))
    }
}
