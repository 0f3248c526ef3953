// SPDX-License-Identifier: Apache-2.0

extension KubernetesClient {
    /// Tells what happens to the objects of a kind after a moment. Ends after some minutes, or whenever the server likes:
    /// go on with the resourceVersion of the last event.
    ///
    /// - Parameters:
    ///   - namespace: nil for all of them.
    ///   - labels: a label selector.
    ///   - resourceVersion: of a list, or of the last event.
    /// - Throws: from the stream, `.gone` when the server does not remember that moment: list again.
    package func watch(
        _ resource: APIResource,
        namespace: String?,
        labels: String? = nil,
        from resourceVersion: String
    ) -> AsyncThrowingStream<WatchEvent, any Error> {
        let query = WatchQuery(resource: resource, namespace: namespace, labels: labels)
        let reader = WatchReader(self, query.call(from: resourceVersion))
        return AsyncThrowingStream { try await reader.next() }
    }

    /// Tells of every object that is there (`.changed`), then once `.listed`, then what happens, until the watch ends.
    ///
    /// - Parameters:
    ///   - namespace: nil for all of them.
    ///   - labels: a label selector.
    ///   - isStreamed: ask the server to send what is there as events too (`sendInitialEvents`, which it can from 1.27 on
    ///     where it is switched on); a server that refuses is asked for a list.
    /// - Throws: from the stream, `.gone`: begin anew.
    package func follow(
        _ resource: APIResource,
        namespace: String?,
        labels: String? = nil,
        isStreamed: Bool = false
    ) -> AsyncThrowingStream<WatchEvent, any Error> {
        let query = WatchQuery(resource: resource, namespace: namespace, labels: labels)
        let reader = FollowReader(self, query, isStreamed: isStreamed)
        return AsyncThrowingStream { try await reader.next() }
    }
}

/// What is watched.
struct WatchQuery: Sendable {
    let resource: APIResource
    let namespace: String?
    let labels: String?

    /// The call for what happens after a moment; without one, for what is there and what happens.
    func call(from resourceVersion: String?) -> KubernetesCall {
        // Spread, so that not all watches of a process end at once; 5 minutes is the server's own shortest.
        let seconds = Int.random(in: 300...600)
        return KubernetesCall(
            path: resource.path(namespace: namespace),
            query: [
                ("watch", "true"), ("allowWatchBookmarks", "true"), ("timeoutSeconds", "\(seconds)"),
                ("resourceVersion", resourceVersion), ("labelSelector", labels),
                ("sendInitialEvents", resourceVersion == nil ? "true" : nil),
                ("resourceVersionMatch", resourceVersion == nil ? "NotOlderThan" : nil),
            ],
            isStream: true,
            // A server that forgets to end it has probably vanished.
            lasting: .seconds(seconds + 30),
            purpose: "watch \(resource.label(namespace: namespace, name: nil))"
        )
    }
}
