// SPDX-License-Identifier: Apache-2.0

package import ForgeHTTP
import Synchronization

/// Speaks to one API server as one user. Every call throws `KubernetesError`, or `CancellationError`.
package final class KubernetesClient: Sendable {
    /// Where the server is; holds secrets.
    package let access: KubernetesAccess
    /// The name under which fields are owned.
    package let manager: String
    let transport: HTTPTransport
    let source: CredentialSource
    let sent = Atomic(0)
    /// Waits; tests of what is waited for put another one here.
    let pause: @Sendable (Duration) async throws -> Void

    /// - Parameter manager: the field manager of every write.
    package convenience init(access: KubernetesAccess, transport: HTTPTransport, manager: String = "forge") {
        self.init(access: access, transport: transport, manager: manager) { try await Task.sleep(for: $0) }
    }

    init(
        access: KubernetesAccess,
        transport: HTTPTransport,
        manager: String,
        pause: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.access = access
        self.transport = transport
        self.manager = manager
        self.pause = pause
        source = CredentialSource(access.credentials)
    }

    /// How many requests were sent so far, watches included: what a pass costs the server.
    package var requests: Int { sent.load(ordering: .relaxed) }
}
