// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import ForgeEngine
import ForgeModel
import ForgePlan
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// An error that is its own response: a problem document (RFC 9457; specs/api.md §3).
struct Problem: Error {
    let code: ProblemDocument.Code
    let status: HTTPResponse.Status
    let detail: String
    var plan: PlanDocument?
    var headers = HTTPFields()

    /// - Parameter detail: one line: what, where, what to do.
    init(_ code: ProblemDocument.Code, status: HTTPResponse.Status, _ detail: String, plan: PlanDocument? = nil) {
        self.code = code
        self.status = status
        self.detail = detail
        self.plan = plan
    }

    /// What a client is told of an error of the engine or of Hummingbird. What it was not made for says nothing of
    /// the inside.
    init(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let error as InvalidValue: self.init(.invalidRequest, status: .badRequest, error.description)
        case let error as DecodingError:
            self.init(.invalidRequest, status: .badRequest, "the document cannot be read: \(Self.place(error))")
        case let error as StoreError: self.init(error)
        case let error as ImagesError:
            self.init(error.code == .unreachable ? .unavailable : .failed, error.message)
        case let error as ClusterError:
            self.init(error.code == .unreachable ? .unavailable : .failed, error.message)
        case let error as any HTTPResponseError: self.init(status: error.status)
        default: self.init(.failed, "the platform failed; its log says more")
        }
    }

    private init(_ code: ProblemDocument.Code, _ detail: String) {
        self.init(code, status: code == .unavailable ? .serviceUnavailable : .internalServerError, detail)
    }

    private init(_ error: StoreError) {
        switch error {
        case .stale: self.init(.stalePlan, status: .conflict, error.description)
        case .unavailable: self.init(.unavailable, error.description)
        case .lostLease, .corrupt: self.init(.failed, error.description)
        }
    }

    private init(status: HTTPResponse.Status) {
        switch status {
        case .notFound: self.init(.notFound, status: status, "there is no such endpoint")
        case .contentTooLarge: self.init(.tooLarge, status: status, "the body is larger than this endpoint takes")
        default: self.init(.invalidRequest, status: status, "the request was refused: \(status)")
        }
    }

    /// The path of the field, and what is wrong with it, without its value.
    private static func place(_ error: DecodingError) -> String {
        switch error {
        case .typeMismatch(_, let context), .valueNotFound(_, let context): path(context, "has another type")
        case .keyNotFound(let key, let context): path(context, "has no '\(key.stringValue)'")
        case .dataCorrupted(let context):
            context.codingPath.isEmpty ? "it is not JSON" : path(context, context.debugDescription)
        @unknown default: "it is not what this endpoint takes"
        }
    }

    private static func path(_ context: DecodingError.Context, _ fault: String) -> String {
        let path = context.codingPath.map(\.stringValue).joined(separator: ".")
        return path.isEmpty ? "it \(fault)" : "'\(path)' \(fault)"
    }
}

extension Problem {
    /// The response.
    func response() -> Response {
        let document = ProblemDocument(
            code,
            status: status.code,
            title: status.reasonPhrase,
            detail: detail,
            plan: plan
        )
        guard let body = try? WireFormat.encode(document) else { return Response(status: .internalServerError) }
        var response = Response(
            status: status,
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body))
        )
        response.headers[.contentType] = WireFormat.problem
        return response
    }
}

/// Turns every error below it into a problem document, and logs those that are the platform's fault.
struct ProblemMiddleware: RouterMiddleware {
    func handle(
        _ request: Request,
        context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let problem = Problem(error)
            if problem.status.kind == .serverError {
                context.logger.warning(
                    "request failed",
                    metadata: [
                        "method": "\(request.method)", "path": "\(request.uri.path)",
                        "code": "\(problem.code.rawValue)",
                        "error": "\(error)",
                    ]
                )
            }
            return problem.response()
        }
    }
}
