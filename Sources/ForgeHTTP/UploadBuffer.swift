// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A bounded buffer between the task that reads a request's body stream and the thread that sends it.
final class UploadBuffer: Sendable {
    /// What the thread got.
    enum Read {
        case bytes(Int)
        /// Nothing yet: read again after `.resumeSending`.
        case starved
        case ended
        case failed(any Error)
    }

    /// Why the stream's length made the request unsendable.
    struct LengthError: Error {
        let message: String
    }

    /// Bytes that may wait to be sent before the stream has to wait.
    static let capacity = 256 << 10

    /// The waiting bytes and who waits for more of them, or for room.
    private struct State {
        var bytes: [UInt8] = []
        /// Bytes before this one are sent.
        var start = 0
        var written: Int64 = 0
        var isStarved = false
        /// The stream waits for room.
        var writer: CheckedContinuation<Void, any Error>?
        var end: Result<Void, any Error>?
        var isClosed = false
    }

    private let length: Int64?
    private let state = Mutex(State())

    init(length: Int64?) {
        self.length = length
    }

    // MARK: The stream's side

    /// - Returns: whether the thread waits and has to be told to send on.
    /// - Throws: `LengthError` when the stream has more bytes than promised.
    func append(_ bytes: [UInt8]) throws(LengthError) -> Bool {
        let wakes: Bool? = state.withLock { state in
            state.written += Int64(bytes.count)
            if let length, state.written > length { return nil }
            if state.start == state.bytes.count {
                state.bytes = bytes
            } else {
                state.bytes.removeFirst(state.start)
                state.bytes += bytes
            }
            state.start = 0
            let wakes = state.isStarved
            state.isStarved = false
            return wakes
        }
        guard let wakes else {
            throw LengthError(message: "the body stream has more than the promised \(length ?? 0) bytes")
        }
        return wakes
    }

    /// Returns when the buffer has room again, throws `CancellationError` when the transfer is over.
    func waitForRoom() async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result: Result<Void, any Error>? = state.withLock { state in
                    if state.isClosed { return .failure(CancellationError()) }
                    guard state.bytes.count - state.start >= Self.capacity else { return .success(()) }
                    state.writer = continuation
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            close()
        }
    }

    /// - Returns: whether the thread has to be told.
    func finish(_ end: Result<Void, any Error>) -> Bool {
        state.withLock { state in
            if case .success = end, let length, state.written < length {
                let message = "the body stream ended after \(state.written) of \(length) bytes"
                state.end = .failure(LengthError(message: message))
            } else {
                state.end = end
            }
            let wakes = state.isStarved
            state.isStarved = false
            return wakes
        }
    }

    /// The transfer is over: whoever waits for room gets a `CancellationError`.
    func close() {
        let writer = state.withLock { state in
            state.isClosed = true
            let writer = state.writer
            state.writer = nil
            return writer
        }
        writer?.resume(throwing: CancellationError())
    }

    // MARK: The thread's side

    func read(into target: UnsafeMutableRawBufferPointer) -> Read {
        var writer: CheckedContinuation<Void, any Error>?
        let read = state.withLock { state -> Read in
            let available = state.bytes.count - state.start
            if case .failure(let error) = state.end { return .failed(error) }
            guard available > 0 else {
                if state.end != nil { return .ended }
                state.isStarved = true
                return .starved
            }
            let count = min(available, target.count)
            target.copyBytes(from: state.bytes[state.start..<state.start + count])
            state.start += count
            // Half full, so that the stream refills while the rest is sent.
            if available - count < Self.capacity / 2 {
                writer = state.writer
                state.writer = nil
            }
            return .bytes(count)
        }
        writer?.resume()
        return read
    }
}
