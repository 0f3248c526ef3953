// SPDX-License-Identifier: Apache-2.0

import ForgeOCI
import Logging
import ServiceLifecycle

/// Keeps every log of the platform below its limit: those of the parts, and the supervisor's own that `forge up` opens.
struct LogRotation: Service {
    let folder: StateFolder
    let logger: Logger

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: .seconds(10))
                do {
                    try Self.rotate(in: folder.logs)
                } catch {
                    logger.warning("a log cannot be rotated", metadata: ["error": "\(error)"])
                }
            }
        }
    }

    /// Moves away the content of each log that is too long.
    static func rotate(in logs: String, limit: Int64 = LogFile.limit) throws {
        for name in try Directory.names(in: logs) where name.hasSuffix(".log") {
            try LogFile(path: "\(logs)/\(name)").rotate(limit: limit)
        }
    }
}
