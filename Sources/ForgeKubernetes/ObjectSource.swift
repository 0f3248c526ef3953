// SPDX-License-Identifier: Apache-2.0

import ForgeJSON
import ForgeKubernetesClient

/// What tells of the objects of a kind: the API server, or what a test puts in its place to be quicker than it.
protocol ObjectSource: Sendable {
    /// Everything that is there, then `.listed`, then what happens, until the server ends it.
    func follow(_ resource: APIResource, namespace: String?, labels: String?, isStreamed: Bool)
        -> AsyncThrowingStream<WatchEvent, any Error>
    /// What happens after a resourceVersion, until the server ends it.
    func watch(_ resource: APIResource, namespace: String?, labels: String?, from resourceVersion: String)
        -> AsyncThrowingStream<WatchEvent, any Error>
}

extension KubernetesClient: ObjectSource {}
