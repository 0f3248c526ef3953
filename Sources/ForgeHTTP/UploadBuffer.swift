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

    private struct State {
        var bytes: [UInt8] = []
        /// Bytes before this one are sent.
        var start = 0
        var written: Int64 = 0
        var isStarved = false
        /// The stream waits for room: `true` is what its `write` shall return.
        var writer: (continuation: CheckedContinuation<Bool, any Error>, wakes: Bool)?
        var end: Result<Void, any Error>?
        var isClosed = false
    }

    private let length: Int64?
    private let state = Mutex(State())

    init(length: Int64?) {
        self.length = length
    }

    // MARK: The stream's side

    /// Appends `bytes`; waits while the buffer is full.
    /// - Returns: whether the thread has to be told to send on.
    func write(_ bytes: [UInt8]) async throws -> Bool {
        try await withTaskCancellationHandler {
            if append(bytes) { return true }
            return try await withCheckedThrowingContinuation { waitForRoom($0) }
        } onCancel: {
            close()
        }
    }

    /// - Returns: whether the thread waits and has to be told at once.
    private func append(_ bytes: [UInt8]) -> Bool {
        state.withLock { state in
            state.written += Int64(bytes.count)
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
    }

    private func waitForRoom(_ continuation: CheckedContinuation<Bool, any Error>) {
        let result: Result<Bool, any Error>? = state.withLock { state in
            if state.isClosed { return .failure(CancellationError()) }
            if let length, state.written > length {
                return .failure(LengthError(message: "the body stream has more than the promised \(length) bytes"))
            }
            guard state.bytes.count - state.start >= Self.capacity else { return .success(false) }
            state.writer = (continuation, false)
            return nil
        }
        if let result { continuation.resume(with: result) }
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
        writer?.continuation.resume(throwing: CancellationError())
    }

    // MARK: The thread's side

    func read(into target: UnsafeMutableRawBufferPointer) -> Read {
        var writer: CheckedContinuation<Bool, any Error>?
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
                writer = state.writer?.continuation
                state.writer = nil
            }
            return .bytes(count)
        }
        writer?.resume(returning: false)
        return read
    }
}
