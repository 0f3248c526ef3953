// SPDX-License-Identifier: Apache-2.0

package import ForgeAPI
import ForgeHTTP
package import ForgeModel

extension ForgeClient {
    /// The newest lines that the app's processes wrote, oldest first.
    package func logs(_ app: AppName, process: ProcessType?, tail: Int) async throws -> DocumentLines<StreamedLog> {
        try await lines(LogCursor.path(app, process, tail: tail, follow: false), of: StreamedLog.self)
    }

    /// The newest lines, and then what the app's processes write from now on, whatever happens to the connection once
    /// there was one.
    package func followLogs(_ app: AppName, process: ProcessType?, tail: Int) -> Followed<LogCursor> {
        Followed(client: self, cursor: LogCursor(app, process: process, tail: tail), isPatientAtFirst: false)
    }

    /// Opens a stream of documents. The server says that it is alive every 15 s: without that, the stream is broken.
    func lines<Document: Decodable>(_ path: String, of type: Document.Type) async throws -> DocumentLines<Document> {
        let response = try await send("GET", path, timeouts: HTTPRequest.Timeouts(idle: .seconds(50)))
        return DocumentLines(lines: response.body.lines(limit: WireFormat.maximumLine), endpoint: endpoint)
    }
}
