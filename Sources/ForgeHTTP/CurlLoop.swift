// SPDX-License-Identifier: Apache-2.0

import CCurl
import Glibc
import Synchronization

/// The one thread on which all transfers of a transport run, and the mailbox through which tasks reach it.
final class CurlLoop: Sendable {
    /// What a task asks of the thread.
    enum Command: Sendable {
        case start(Exchange)
        case resumeReceiving(Exchange)
        case resumeSending(Exchange)
        case cancel(Exchange)
    }

    /// What tasks have asked for since the thread last looked.
    private struct Mailbox {
        var commands: [Command] = []
        var isStopping = false
    }

    private static let globalInit: CURLcode = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

    private let mailbox: Mutex<Mailbox>
    /// libcurl's multi handle. Only the thread uses it, but for `curl_multi_wakeup`, which is safe from any thread
    /// as long as the handle lives: it is called under the mailbox's lock and never once `isStopping` is set.
    private nonisolated(unsafe) let multi: UnsafeMutableRawPointer?

    init() {
        multi = Self.globalInit == CURLE_OK ? curl_multi_init() : nil
        mailbox = Mutex(Mailbox(isStopping: multi == nil))
    }

    /// Starts the thread. It holds the loop until `stop`.
    func start() {
        guard multi != nil else { return }
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        let loop = Unmanaged.passRetained(self)
        var thread = pthread_t()
        let status = pthread_create(
            &thread,
            &attributes,
            { context in
                guard let context else { return nil }
                Unmanaged<CurlLoop>.fromOpaque(context).takeRetainedValue().run()
                return nil
            },
            loop.toOpaque()
        )
        if status != 0 {
            loop.release()
            mailbox.withLock { $0.isStopping = true }
            curl_multi_cleanup(multi)
        }
    }

    /// - Returns: false when the thread has ended or will.
    func submit(_ command: Command) -> Bool {
        mailbox.withLock { mailbox in
            guard !mailbox.isStopping else { return false }
            mailbox.commands.append(command)
            if mailbox.commands.count == 1 { curl_multi_wakeup(multi) }
            return true
        }
    }

    /// Ends every transfer, then the thread. Does not wait for it.
    func stop() {
        mailbox.withLock { mailbox in
            guard !mailbox.isStopping else { return }
            curl_multi_wakeup(multi)
            mailbox.isStopping = true
        }
    }

    // MARK: The thread

    private func run() {
        // Signals belong to the program's own threads, and a write to a closed TLS connection shall not raise SIGPIPE.
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, nil)
        guard let multi else { return }
        let transfers = ActiveTransfers(multi: multi)
        while true {
            let (commands, isStopping) = mailbox.withLock { mailbox in
                let commands = mailbox.commands
                mailbox.commands = []
                return (commands, mailbox.isStopping)
            }
            for command in commands { transfers.handle(command) }
            if isStopping { break }
            transfers.advance()
            curl_multi_poll(multi, nil, 0, transfers.millisecondsToNextDeadline(), nil)
        }
        transfers.endAll(reason: "the transport was closed")
        curl_multi_cleanup(multi)
    }
}
