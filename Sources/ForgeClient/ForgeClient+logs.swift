// SPDX-License-Identifier: Apache-2.0

package import ForgeAPI
import ForgeHTTP
package import ForgeModel

extension ForgeClient {
    /// What the app's processes wrote, oldest first; with `follow`, what they write from now on too.
    package func logs(
        _ app: AppName,
        process: ProcessType?,
        tail: Int,
        follow: Bool
    ) async throws -> DocumentLines<StreamedLog> {
        let only = process.map { "&process=\($0)" } ?? ""
        return try await lines("/v1/apps/\(app)/logs?tail=\(tail)&follow=\(follow)\(only)", of: StreamedLog.self)
    }

    /// Opens a stream of documents. The server says that it is alive every 15 s: without that, the stream is broken.
    func lines<Document: Decodable>(_ path: String, of type: Document.Type) async throws -> DocumentLines<Document> {
        let response = try await send("GET", path, timeouts: HTTPRequest.Timeouts(idle: .seconds(50)))
        return DocumentLines(lines: response.body.lines(limit: WireFormat.maximumLine), endpoint: endpoint)
    }
}
