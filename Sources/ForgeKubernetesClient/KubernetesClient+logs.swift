// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP

extension KubernetesClient {
    /// A longer line is given in pieces.
    private static let lineLimit = 64 << 10

    /// Lines of a container's output, oldest first.
    ///
    /// - Parameters:
    ///   - container: needed where the pod has several.
    ///   - follow: go on with what is written, until the container ends.
    ///   - tail: only so many of the newest lines.
    ///   - previous: of the container's run before its present one.
    ///   - timestamps: begin each line with its time (RFC 3339) and a space.
    ///   - sinceTime: only what is newer than this time (RFC 3339).
    /// - Throws: from the stream, `.invalid` when there is no such container or it has not begun to run, `.notFound`
    ///   without the pod.
    package func logs(
        namespace: String,
        pod: String,
        container: String? = nil,
        follow: Bool = false,
        tail: Int? = nil,
        previous: Bool = false,
        timestamps: Bool = false,
        sinceTime: String? = nil
    ) -> AsyncThrowingStream<String, any Error> {
        let call = KubernetesCall(
            path: "/api/v1/namespaces/\(namespace.percentEncoded)/pods/\(pod.percentEncoded)/log",
            query: [
                ("container", container), ("follow", follow ? "true" : nil), ("tailLines", tail.map { "\($0)" }),
                ("previous", previous ? "true" : nil), ("timestamps", timestamps ? "true" : nil),
                ("sinceTime", sinceTime),
            ],
            isStream: follow,
            purpose: "read the log of \(container.map { "\($0) in " } ?? "")Pod \(pod) in \(namespace)"
        )
        let reader = LogReader(self, call, lineLimit: Self.lineLimit)
        return AsyncThrowingStream { try await reader.next() }
    }
}

/// Where a log is being read. An actor because a stream may be asked from several tasks.
private actor LogReader {
    private let client: KubernetesClient
    private let call: KubernetesCall
    private let lineLimit: Int
    private var isOpen = false
    /// Nil while a line is awaited, and after the end.
    private var lines: HTTPLines.Iterator?

    init(_ client: KubernetesClient, _ call: KubernetesCall, lineLimit: Int) {
        self.client = client
        self.call = call
        self.lineLimit = lineLimit
    }

    func next() async throws -> String? {
        if !isOpen {
            isOpen = true
            lines = try await client.send(call).body.lines(limit: lineLimit, isSplitting: true).makeAsyncIterator()
        }
        guard var lines else { return nil }
        self.lines = nil
        return try await client.translated(call) {
            guard let line = try await lines.next() else { return nil }
            self.lines = lines
            return line
        }
    }
}
