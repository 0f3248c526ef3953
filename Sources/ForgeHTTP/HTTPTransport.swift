// SPDX-License-Identifier: Apache-2.0

/// Sends HTTP requests. All transfers of one transport run on its one thread (`CurlLoop`) and share its pool of
/// connections; make one per process, or one per set of connections that should end together.
package final class HTTPTransport: Sendable {
    private let loop: CurlLoop

    /// Starts the thread, which ends with the last reference to the transport and its response bodies.
    package init() {
        loop = CurlLoop()
        loop.start()
    }

    deinit {
        loop.stop()
    }

    /// Sends `request` and returns when the header of the final response is in; the body arrives as it is read.
    /// Cancelling the task aborts the transfer.
    /// - Throws: `HTTPError`, or the error of the request's own body stream.
    package func perform(_ request: HTTPRequest) async throws -> HTTPResponse {
        let exchange = Exchange(request: request, loop: loop)
        let head = try await exchange.head()
        return HTTPResponse(
            status: head.status,
            headers: head.headers,
            body: HTTPBody(BodyReader(exchange: exchange, transport: self))
        )
    }

    /// Aborts every transfer with `.cancelled` and ends the thread. Requests after that fail in the same way.
    package func close() {
        loop.stop()
    }
}
