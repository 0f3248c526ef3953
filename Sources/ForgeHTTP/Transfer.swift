// SPDX-License-Identifier: Apache-2.0

import CCurl

/// One libcurl easy handle and what its callbacks need. Lives on the transport's thread.
final class Transfer {
    let exchange: Exchange
    let handle: UnsafeMutableRawPointer
    var isReceivingPaused = false
    var isSendingPaused = false

    /// libcurl keeps these three by reference until the handle is freed.
    var headerLines: UnsafeMutablePointer<curl_slist>?
    var connections: UnsafeMutablePointer<curl_slist>?
    private let message: UnsafeMutablePointer<CChar>
    private var sentBytes = 0

    private var parser: ResponseHeadParser
    /// Why a callback stopped the transfer; libcurl's own code then only says that one did.
    private var failure: (any Error)?
    private var lastActivity = ContinuousClock.now

    init(_ exchange: Exchange) throws {
        guard let handle = curl_easy_init() else {
            throw exchange.error(.invalidRequest, "libcurl has no memory for the request")
        }
        self.exchange = exchange
        self.handle = handle
        message = .allocate(capacity: Int(CURL_ERROR_SIZE))
        message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        let request = exchange.request
        parser = ResponseHeadParser(
            followsRedirects: request.followRedirects && (request.method == "GET" || request.method == "HEAD")
        )
        try configure(errorBuffer: message)
    }

    deinit {
        curl_easy_cleanup(handle)
        curl_slist_free_all(headerLines)
        curl_slist_free_all(connections)
        message.deallocate()
    }

    /// When the transfer has been silent for too long; `nil` without a limit or while our own side makes it wait.
    var idleDeadline: ContinuousClock.Instant? {
        guard let idle = exchange.request.timeouts.idle, !isReceivingPaused, !isSendingPaused else { return nil }
        return lastActivity + idle
    }

    /// Tells libcurl which directions are paused.
    func applyPauses() -> CURLcode {
        lastActivity = .now
        let pauses = (isReceivingPaused ? CURLPAUSE_RECV : 0) | (isSendingPaused ? CURLPAUSE_SEND : 0)
        return curl_easy_pause(handle, Int32(pauses))
    }

    /// How the exchange ended, by libcurl's code and by what a callback noted.
    func outcome(_ result: CURLcode) -> Result<Void, any Error> {
        if result == CURLE_OK { return .success(()) }
        if let failure { return .failure(failure) }
        var systemError = 0
        _ = forge_curl_get_long(handle, CURLINFO_OS_ERRNO, &systemError)
        return .failure(exchange.error(for: result, systemError: systemError, detail: String(cString: message)))
    }

    // MARK: Callbacks

    /// A line of the response's header. Returns the count of bytes used: another than given stops the transfer.
    func receiveHeader(_ line: UnsafeRawBufferPointer) -> Int {
        lastActivity = .now
        do throws(ResponseHeadParser.Failure) {
            if let head = try parser.consume(line) { exchange.deliver(head) }
            return line.count
        } catch {
            failure = exchange.error(error.code, error.message)
            return 0
        }
    }

    func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        lastActivity = .now
        switch exchange.offer(bytes) {
        case .taken: return bytes.count
        case .ended: return 0
        case .paused:
            isReceivingPaused = true
            return Int(CURL_WRITEFUNC_PAUSE)
        }
    }

    func sendBody(into target: UnsafeMutableRawBufferPointer) -> Int {
        lastActivity = .now
        if case .bytes(let bytes) = exchange.request.body {
            let count = min(target.count, bytes.count - sentBytes)
            target.copyBytes(from: bytes[sentBytes..<sentBytes + count])
            sentBytes += count
            return count
        }
        switch exchange.upload?.read(into: target) {
        case .bytes(let count): return count
        case .ended, nil: return 0
        case .starved:
            isSendingPaused = true
            return Int(CURL_READFUNC_PAUSE)
        case .failed(let error as UploadBuffer.LengthError):
            failure = exchange.error(.invalidRequest, error.message)
            return Int(CURL_READFUNC_ABORT)
        case .failed(let error):
            failure = error
            return Int(CURL_READFUNC_ABORT)
        }
    }

    /// libcurl sends a body again after a redirect or on a new connection when a kept one turned out to be closed.
    func rewindBody(to offset: Int64) -> Int32 {
        guard case .bytes(let bytes) = exchange.request.body, (0...Int64(bytes.count)).contains(offset) else {
            return CURL_SEEKFUNC_FAIL
        }
        sentBytes = Int(offset)
        return CURL_SEEKFUNC_OK
    }
}
