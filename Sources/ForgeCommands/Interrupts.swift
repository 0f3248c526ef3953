// SPDX-License-Identifier: Apache-2.0

@preconcurrency import Dispatch
import Glibc

/// Ctrl-C, as something to wait for instead of the end of the process.
enum Interrupts {
    /// One element for each SIGINT, for as long as the stream is read; then the signal ends the process again.
    static func stream() -> AsyncStream<Void> {
        AsyncStream(bufferingPolicy: .bufferingOldest(1)) { continuation in
            signal(SIGINT, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
            source.setEventHandler { continuation.yield() }
            continuation.onTermination = { _ in
                source.cancel()
                signal(SIGINT, SIG_DFL)
            }
            source.resume()
        }
    }
}
