// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
import ForgeJSON

/// Where a watch is being read. An actor because a stream may be asked from several tasks.
actor WatchReader {
    private let client: KubernetesClient
    private let call: KubernetesCall
    private var isOpen = false
    /// Nil while a line is awaited, and after the end.
    private var lines: HTTPLines.Iterator?

    init(_ client: KubernetesClient, _ call: KubernetesCall) {
        self.client = client
        self.call = call
    }

    /// Sends the request, if that has not been done: a refusal is told here and not by the first event.
    func open() async throws {
        guard !isOpen else { return }
        isOpen = true
        lines = try await client.send(call).body.lines(limit: KubernetesClient.objectLimit).makeAsyncIterator()
    }

    func next() async throws -> WatchEvent? {
        try await open()
        guard var lines else { return nil }
        self.lines = nil
        return try await client.translated(call) {
            while let line = try await lines.next() {
                guard !line.isEmpty else { continue }
                let event = try event(line)
                self.lines = lines
                return event
            }
            return nil
        }
    }

    /// One event (Kubernetes API concepts, "Efficient detection of changes").
    private func event(_ line: String) throws -> WatchEvent {
        let document = try JSONValue(parsing: Array(line.utf8), limits: JSONLimits(bytes: KubernetesClient.objectLimit))
        guard let object = document["object"] else { throw client.unintelligible(call, "an event has no object") }
        switch document["type"]?.string {
        case "ADDED", "MODIFIED": return .changed(object)
        case "DELETED": return .deleted(object)
        case "BOOKMARK": return try bookmark(object)
        case "ERROR":
            let status = object["code"]?.integer ?? 500
            throw KubernetesError(status: status, document: object, to: call, at: client.access)
        default: throw client.unintelligible(call, "an event is of no known type")
        }
    }

    private func bookmark(_ object: JSONValue) throws -> WatchEvent {
        guard let version = object["metadata", "resourceVersion"]?.string else {
            throw client.unintelligible(call, "a bookmark has no resourceVersion")
        }
        let isEndOfList = object["metadata", "annotations", "k8s.io/initial-events-end"] == "true"
        return isEndOfList ? .listed(resourceVersion: version) : .bookmark(version)
    }
}
