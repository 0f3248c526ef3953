// SPDX-License-Identifier: Apache-2.0

import ForgeJSON

/// First what is there, then what happens: from one streaming watch, or from a list and a watch. An actor because a
/// stream may be asked from several tasks.
actor FollowReader {
    private let client: KubernetesClient
    private let query: WatchQuery
    private var isStreamed: Bool
    private var list: ObjectListReader?
    private var watch: WatchReader?

    init(_ client: KubernetesClient, _ query: WatchQuery, isStreamed: Bool) {
        self.client = client
        self.query = query
        self.isStreamed = isStreamed
    }

    func next() async throws -> WatchEvent? {
        if isStreamed, watch == nil { try await openStream() }
        if let watch { return try await watch.next() }
        let list =
            list
            ?? ObjectListReader(
                client,
                query.resource,
                namespace: query.namespace,
                labels: query.labels,
                limit: 500
            )
        self.list = list
        switch try await list.next() {
        case .item(let object): return .changed(object)
        case .end(let resourceVersion):
            watch = WatchReader(client, query.call(from: resourceVersion))
            return .listed(resourceVersion: resourceVersion)
        case nil: return nil
        }
    }

    /// A server whose switch for it is off calls the request invalid.
    private func openStream() async throws {
        let stream = WatchReader(client, query.call(from: nil))
        do {
            try await stream.open()
            watch = stream
        } catch let error as KubernetesError where error.code == .invalid {
            isStreamed = false
        }
    }
}
