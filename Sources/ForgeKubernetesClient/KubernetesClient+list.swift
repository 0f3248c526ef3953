// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
import ForgeJSON

extension KubernetesClient {
    /// Reads all objects of a kind, as they were at one moment, item by item; what has arrived and was not taken is
    /// bounded, however long the list.
    ///
    /// - Parameters:
    ///   - namespace: nil for all of them.
    ///   - labels: a label selector: `paas.forge/instance=main`.
    ///   - limit: items in one response; the next one is asked for when they have been taken.
    /// - Throws: from the stream, `.gone` when reading took longer than the server keeps that moment: begin anew.
    package func list(
        _ resource: APIResource,
        namespace: String?,
        labels: String? = nil,
        limit: Int = 500
    ) -> AsyncThrowingStream<ListEvent, any Error> {
        let reader = ObjectListReader(self, resource, namespace: namespace, labels: labels, limit: limit)
        return AsyncThrowingStream { try await reader.next() }
    }
}

/// Where a list is being read. An actor because a stream may be asked from several tasks.
actor ObjectListReader {
    private let client: KubernetesClient
    private let resource: APIResource
    private var call: KubernetesCall
    private var body: HTTPBody?
    private var reader = JSONListReader(itemLimit: KubernetesClient.objectLimit)
    /// The moment that the list shows; the same on every page.
    private var resourceVersion: String?
    private var isDone = false

    init(_ client: KubernetesClient, _ resource: APIResource, namespace: String?, labels: String?, limit: Int) {
        self.client = client
        self.resource = resource
        call = KubernetesCall(
            path: resource.path(namespace: namespace),
            query: [("limit", "\(limit)"), ("labelSelector", labels)],
            purpose: "list \(resource.label(namespace: namespace, name: nil))"
        )
    }

    func next() async throws -> ListEvent? {
        guard !isDone else { return nil }
        return try await client.translated(call) {
            while true {
                if let item = try reader.next() { return .item(resource.completed(item)) }
                if let body {
                    var pieces = body.makeAsyncIterator()
                    if let piece = try await pieces.next() {
                        reader.append(piece)
                    } else if let end = try endPage() {
                        isDone = true
                        return end
                    }
                } else {
                    body = try await client.send(call).body
                }
            }
        }
    }

    /// Ends a page: with the last event, or nil when there is another page.
    private func endPage() throws -> ListEvent? {
        try reader.finish()
        guard reader.kind?.hasSuffix("List") == true,
            let version = reader.metadata?["resourceVersion"]?.string, !version.isEmpty
        else { throw client.unintelligible(call, "the answer is no list") }
        let resourceVersion = resourceVersion ?? version
        self.resourceVersion = resourceVersion
        guard let token = reader.metadata?["continue"]?.string, !token.isEmpty else {
            return .end(resourceVersion: resourceVersion)
        }
        call.query.removeAll { $0.name == "continue" }
        call.query.append(("continue", token))
        body = nil
        reader = JSONListReader(itemLimit: KubernetesClient.objectLimit)
        return nil
    }
}

extension APIResource {
    /// An item with the two fields that servers leave out in lists.
    fileprivate func completed(_ item: JSONValue) -> JSONValue {
        guard var fields = item.object else { return item }
        if fields["apiVersion"] == nil { fields["apiVersion"] = .string(apiVersion) }
        if fields["kind"] == nil { fields["kind"] = .string(kind) }
        return .object(fields)
    }
}
