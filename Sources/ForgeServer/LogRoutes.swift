// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import ForgeEngine
import ForgeModel
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// What an app's processes write: `GET /v1/apps/{app}/logs` (specs/api.md §9). Only reads.
struct LogRoutes: Sendable {
    let parts: APIParts
    let heartbeat: Duration

    func add(to apps: RouterGroup<APIContext>) {
        apps.endpoint(":app/logs", [.get: logs])
    }

    @Sendable private func logs(_ request: Request, _ context: APIContext) async throws -> Response {
        let app = try context.app()
        let query = LogQuery(
            app: app,
            process: try request.uri.queryParameters["process"].map { try ProcessType(String($0)) },
            tail: try request.number("tail", in: 0...10_000) ?? 100,
            follow: request.uri.queryParameters["follow"] == "true"
        )
        guard try await parts.store.desired(app) != nil else { throw Problem.noApp(app) }
        let stream = LineStream(
            elements: parts.cluster.logs(query),
            heartbeat: heartbeat,
            heartbeatLine: try WireFormat.encode(StreamedLog.heartbeat)
        ) { line in
            let document = LogDocument(at: line.at, process: line.process, instance: line.instance, text: line.text)
            return .init(text: try WireFormat.encode(StreamedLog.line(document)))
        }
        return stream.response(to: request)
    }
}

extension Request {
    /// A whole number among the query's parameters; nil when it is not there.
    func number(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let text = uri.queryParameters[Substring(name)] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            let limit =
                range.upperBound == Int.max ? "from \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
            throw Problem(.invalidRequest, status: .badRequest, "'\(name)' must be a whole number, \(limit)")
        }
        return number
    }
}
