// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Status line and header fields of a response.
struct ResponseHead: Sendable {
    var status: Int
    var headers: HTTPHeaders
}

/// One request and its response: what the caller's task and the transport's thread share.
/// The thread delivers, the task takes; whoever ends it first decides how it ended.
final class Exchange: Sendable {
    /// What became of bytes that were offered.
    enum Offer {
        case taken
        /// The reader is behind; offer the same bytes again after `.resumeReceiving`.
        case paused
        case ended
    }

    /// Received bytes that may wait for the reader.
    static let capacity = 256 << 10

    /// How far the exchange is and who waits for it.
    private struct State {
        var headWaiter: CheckedContinuation<ResponseHead, any Error>?
        var reader: CheckedContinuation<[UInt8]?, any Error>?
        var received: [UInt8] = []
        var isPaused = false
        var end: Result<Void, any Error>?
    }

    let request: HTTPRequest
    /// Where the request's body stream waits to be sent; `nil` for other bodies.
    let upload: UploadBuffer?
    private let loop: CurlLoop
    private let state = Mutex(State())
    private let uploadTask = Mutex<Task<Void, Never>?>(nil)

    init(request: HTTPRequest, loop: CurlLoop) {
        self.request = request
        self.loop = loop
        if case .stream(let length, _) = request.body {
            upload = UploadBuffer(length: length)
        } else {
            upload = nil
        }
    }

    var hasEnded: Bool { state.withLock { $0.end != nil } }

    func error(_ code: HTTPError.Code, _ message: String) -> HTTPError {
        HTTPError(code: code, message: message, url: request.url, unixSocket: request.unixSocket)
    }

    // MARK: The caller's side

    /// Starts the transfer and waits for the final response's header.
    func head() async throws -> ResponseHead {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let end = state.withLock { state in
                    if state.end == nil { state.headWaiter = continuation }
                    return state.end
                }
                if case .failure(let error) = end { return continuation.resume(throwing: error) }
                if !loop.submit(.start(self)) { cancel("the transport is closed") }
            }
        } onCancel: {
            cancel("the request was cancelled")
        }
    }

    /// Everything that has arrived since the last call, or the next bytes to arrive; `nil` at the end.
    func nextBytes() async throws -> [UInt8]? {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                takeBytes(for: continuation)
            }
        } onCancel: {
            cancel("the request was cancelled")
        }
    }

    private func takeBytes(for continuation: CheckedContinuation<[UInt8]?, any Error>) {
        let (result, resumes): (Result<[UInt8]?, any Error>?, Bool) = state.withLock { state in
            if !state.received.isEmpty {
                let bytes = state.received
                state.received = []
                let resumes = state.isPaused
                state.isPaused = false
                return (.success(bytes), resumes)
            }
            if let end = state.end { return (end.map { nil }, false) }
            guard state.reader == nil else {
                return (.failure(error(.invalidRequest, "two tasks read the same response")), false)
            }
            state.reader = continuation
            return (nil, false)
        }
        if let result { continuation.resume(with: result) }
        if resumes { _ = loop.submit(.resumeReceiving(self)) }
    }

    /// Ends the transfer and drops what has arrived; nothing happens to one that has ended.
    func cancel(_ reason: String) {
        abandon(.cancelled, reason)
    }

    /// Ends the transfer for the caller's own reason.
    /// - Returns: the error that says so.
    @discardableResult
    func abandon(_ code: HTTPError.Code, _ message: String) -> HTTPError {
        let error = error(code, message)
        if finish(.failure(error), keepsReceived: false) { _ = loop.submit(.cancel(self)) }
        return error
    }

    // MARK: The thread's side

    func deliver(_ head: ResponseHead) {
        let waiter = state.withLock { state in
            let waiter = state.headWaiter
            state.headWaiter = nil
            return waiter
        }
        waiter?.resume(returning: head)
    }

    func offer(_ bytes: UnsafeRawBufferPointer) -> Offer {
        var reader: CheckedContinuation<[UInt8]?, any Error>?
        let offer = state.withLock { state -> Offer in
            guard state.end == nil else { return .ended }
            reader = state.reader
            state.reader = nil
            if reader != nil { return .taken }
            guard state.received.count < Self.capacity else {
                state.isPaused = true
                return .paused
            }
            state.received += bytes
            return .taken
        }
        reader?.resume(returning: [UInt8](bytes))
        return offer
    }

    /// Says how the exchange ended, once.
    /// - Parameter keepsReceived: the reader still gets the bytes that arrived before.
    /// - Returns: false if it had ended before.
    @discardableResult
    func finish(_ end: Result<Void, any Error>, keepsReceived: Bool = true) -> Bool {
        let (isFirst, headWaiter, reader) = state.withLock { state in
            guard state.end == nil else {
                return (false, CheckedContinuation<ResponseHead, any Error>?.none, state.reader)
            }
            state.end = end
            if !keepsReceived { state.received = [] }
            let waiters = (true, state.headWaiter, state.reader)
            state.headWaiter = nil
            state.reader = nil
            return waiters
        }
        guard isFirst else { return false }
        headWaiter?.resume(with: end.flatMap { .failure(error(.protocolError, "the response has no header")) })
        reader?.resume(with: end.map { nil })
        upload?.close()
        // Outside the lock: cancelling runs handlers of the caller's stream.
        uploadTask.withLock { $0 }?.cancel()
        return true
    }

    /// Reads the request's body stream into the upload buffer, as fast as it is sent.
    func startUpload() {
        guard let upload, case .stream(_, let stream) = request.body else { return }
        let task = Task {
            do {
                for try await bytes in stream where !bytes.isEmpty {
                    if try upload.append(bytes) { _ = loop.submit(.resumeSending(self)) }
                    try await upload.waitForRoom()
                }
                if upload.finish(.success(())) { _ = loop.submit(.resumeSending(self)) }
            } catch {
                if upload.finish(.failure(error)) { _ = loop.submit(.resumeSending(self)) }
            }
        }
        uploadTask.withLock { $0 = task }
        if hasEnded { task.cancel() }
    }
}
