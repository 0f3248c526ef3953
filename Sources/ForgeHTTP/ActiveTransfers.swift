// SPDX-License-Identifier: Apache-2.0

import CCurl

/// The transfers of one `CurlLoop`. Lives on its thread.
final class ActiveTransfers {
    /// The longest sleep of the thread; commands and sockets wake it earlier.
    private static let longestPoll: Int32 = 60_000

    private let multi: UnsafeMutableRawPointer
    private var byExchange: [ObjectIdentifier: Transfer] = [:]
    private var byHandle: [UnsafeMutableRawPointer: Transfer] = [:]

    init(multi: UnsafeMutableRawPointer) {
        self.multi = multi
        // Idle connections that are kept for reuse: as many as a busy daemon has peers.
        _ = forge_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 64)
    }

    func handle(_ command: CurlLoop.Command) {
        switch command {
        case .start(let exchange): start(exchange)
        case .resumeReceiving(let exchange): resume(exchange) { $0.isReceivingPaused = false }
        case .resumeSending(let exchange): resume(exchange) { $0.isSendingPaused = false }
        case .cancel(let exchange):
            if let transfer = byExchange[ObjectIdentifier(exchange)] { remove(transfer) }
        }
    }

    /// Moves every transfer as far as its sockets allow and ends those that are done or idle for too long.
    func advance() {
        var running: Int32 = 0
        curl_multi_perform(multi, &running)
        var waiting: Int32 = 0
        while let message = curl_multi_info_read(multi, &waiting) {
            guard message.pointee.msg == CURLMSG_DONE, let transfer = byHandle[message.pointee.easy_handle] else {
                continue
            }
            finish(transfer, message.pointee.data.result)
        }
        let now = ContinuousClock.now
        for transfer in byHandle.values {
            guard let deadline = transfer.idleDeadline, deadline <= now else { continue }
            let error = transfer.exchange.error(.timedOut, "no byte came or went in time")
            transfer.exchange.finish(.failure(error))
            remove(transfer)
        }
    }

    func millisecondsToNextDeadline() -> Int32 {
        guard let deadline = byHandle.values.compactMap(\.idleDeadline).min() else { return Self.longestPoll }
        return Int32((deadline - .now).clampedMilliseconds(to: 1...Int(Self.longestPoll)))
    }

    func endAll(reason: String) {
        for transfer in byHandle.values {
            transfer.exchange.cancel(reason)
            remove(transfer)
        }
    }

    private func start(_ exchange: Exchange) {
        // Cancelled between the request and this moment: its `.cancel` has found nothing.
        guard !exchange.hasEnded else { return }
        do {
            let transfer = try Transfer(exchange)
            guard curl_multi_add_handle(multi, transfer.handle) == CURLM_OK else {
                throw exchange.error(.invalidRequest, "libcurl does not take the request")
            }
            byExchange[ObjectIdentifier(exchange)] = transfer
            byHandle[transfer.handle] = transfer
            exchange.startUpload()
        } catch {
            exchange.finish(.failure(error))
        }
    }

    private func resume(_ exchange: Exchange, _ clear: (Transfer) -> Void) {
        guard let transfer = byExchange[ObjectIdentifier(exchange)] else { return }
        clear(transfer)
        let result = transfer.applyPauses()
        if result != CURLE_OK { finish(transfer, result) }
    }

    private func finish(_ transfer: Transfer, _ result: CURLcode) {
        transfer.exchange.finish(transfer.outcome(result))
        remove(transfer)
    }

    private func remove(_ transfer: Transfer) {
        curl_multi_remove_handle(multi, transfer.handle)
        byHandle[transfer.handle] = nil
        byExchange[ObjectIdentifier(transfer.exchange)] = nil
    }
}
