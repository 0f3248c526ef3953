// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import ForgeEngine
import ForgeModel
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// Uploads: `PUT /v1/apps/{app}/sources/{digest}` (specs/api.md §5). The bytes go on to the registry as they come.
struct SourceRoutes: Sendable {
    let parts: APIParts
    let maximumSource: Int

    func add(to apps: RouterGroup<APIContext>) {
        apps.endpoint(":app/sources/:digest", deadline: nil, [.put: store])
    }

    @Sendable private func store(_ request: Request, _ context: APIContext) async throws -> Response {
        let app = try context.app()
        let digest = try Digest(context.parameters.get("digest") ?? "")
        let size = request.headers[.contentLength].flatMap { Int($0) }
        if let size, size > maximumSource { throw SourceBody.tooLarge(maximumSource) }
        do {
            let bytes = SourceBody(body: request.body, limit: maximumSource)
            try await parts.images.store(source: digest, of: app, size: size, bytes: bytes)
        } catch let error as ImagesError where error.code == .invalid {
            throw Problem(.digestMismatch, status: .unprocessableContent, error.message)
        }
        return Response(status: .created)
    }
}

/// The body of an upload, piece by piece as the connection delivers it, cut off at a limit.
struct SourceBody: AsyncSequence, Sendable {
    typealias Element = [UInt8]
    typealias Failure = any Error
    let body: RequestBody
    let limit: Int

    func makeAsyncIterator() -> Iterator { Iterator(pieces: body.makeAsyncIterator(), left: limit, limit: limit) }

    struct Iterator: AsyncIteratorProtocol {
        var pieces: RequestBody.AsyncIterator
        var left: Int
        let limit: Int

        mutating func next() async throws -> [UInt8]? {
            guard let piece = try await pieces.next() else { return nil }
            left -= piece.readableBytes
            guard left >= 0 else { throw SourceBody.tooLarge(limit) }
            return Array(piece.readableBytesView)
        }
    }

    static func tooLarge(_ limit: Int) -> Problem {
        Problem(
            .tooLarge,
            status: .contentTooLarge,
            "the source has more than \(limit >> 20) MiB; list what the build does not need in .forgeignore"
        )
    }
}
