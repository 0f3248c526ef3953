// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import HTTPTypes
import Hummingbird

/// Bounds the time that making an answer may take. The body of an answer is not part of that: streams take as long
/// as they take.
enum Deadline {
    /// What ordinary requests get.
    static let ordinary = Duration.seconds(60)

    /// Cancels the work when the time is over, and throws a problem.
    static func run(
        _ deadline: Duration,
        _ work: @escaping @Sendable () async throws -> Response
    ) async throws -> Response {
        try await withThrowingTaskGroup(of: Response?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(for: deadline)
                return nil
            }
            defer { group.cancelAll() }
            if let first = try await group.next(), let response = first { return response }
            throw Problem(
                .unavailable,
                status: .serviceUnavailable,
                "no answer within \(deadline.components.seconds) s; a part of the platform is too slow"
            )
        }
    }
}
