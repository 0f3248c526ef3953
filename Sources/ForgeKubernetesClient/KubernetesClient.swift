// SPDX-License-Identifier: Apache-2.0

package import ForgeHTTP
package import ForgeJSON

/// Speaks to one API server as one user. Every call throws `KubernetesError`, or `CancellationError`.
package final class KubernetesClient: Sendable {
    /// Where the server is; holds secrets.
    package let access: KubernetesAccess
    /// The name under which fields are owned.
    package let manager: String
    let transport: HTTPTransport

    /// - Parameter manager: the field manager of every write.
    package init(access: KubernetesAccess, transport: HTTPTransport, manager: String = "forge") {
        self.access = access
        self.transport = transport
        self.manager = manager
    }
}

extension KubernetesClient {
    /// Not built yet.
    package func discover(groups: Set<String> = []) async throws -> Discovery { throw Self.missing }
    /// Not built yet.
    package func get(_ resource: APIResource, namespace: String?, name: String) async throws -> JSONValue? {
        throw Self.missing
    }
    /// Not built yet.
    package func list(_ resource: APIResource, namespace: String?, labels: String? = nil, limit: Int = 500)
        -> AsyncThrowingStream<ListEvent, any Error>
    { AsyncThrowingStream { throw Self.missing } }
    /// Not built yet.
    package func watch(_ resource: APIResource, namespace: String?, labels: String? = nil, from resourceVersion: String)
        -> AsyncThrowingStream<WatchEvent, any Error>
    { AsyncThrowingStream { throw Self.missing } }
    /// Everything that is there (`.changed`), then `.listed`, then what happens, until the server ends the watch.
    /// - Parameter isStreamed: whether the server is asked to stream the initial list instead of being asked for pages.
    package func follow(_ resource: APIResource, namespace: String?, labels: String? = nil, isStreamed: Bool = false)
        -> AsyncThrowingStream<WatchEvent, any Error>
    { AsyncThrowingStream { throw Self.missing } }
    /// Not built yet.
    @discardableResult
    package func apply(
        _ object: JSONValue,
        resource: APIResource,
        namespace: String?,
        force: Bool,
        dryRun: Bool = false
    ) async throws -> JSONValue { throw Self.missing }
    /// Not built yet.
    @discardableResult
    package func create(_ object: JSONValue, resource: APIResource, namespace: String?, dryRun: Bool = false)
        async throws -> JSONValue
    { throw Self.missing }
    /// How the objects that belong to a deleted one go.
    package enum Propagation: String, Sendable {
        case background = "Background"
        case foreground = "Foreground"
        case orphan = "Orphan"
    }
    /// - Returns: false when it was not there.
    @discardableResult
    package func delete(
        _ resource: APIResource,
        namespace: String?,
        name: String,
        uid: String? = nil,
        resourceVersion: String? = nil,
        propagation: Propagation = .background
    ) async throws -> Bool { throw Self.missing }
    /// Lines.
    package func logs(
        namespace: String,
        pod: String,
        container: String? = nil,
        follow: Bool = false,
        tail: Int? = nil,
        previous: Bool = false,
        timestamps: Bool = false,
        sinceTime: String? = nil
    ) -> AsyncThrowingStream<String, any Error> { AsyncThrowingStream { throw Self.missing } }
    /// Not built yet.
    package func canI(_ verb: String, _ resource: APIResource, namespace: String?) async throws -> Bool {
        throw Self.missing
    }

    private static var missing: KubernetesError { KubernetesError(.unreachable, "this call is not built yet") }
}

extension KubernetesAccess {
    /// Not built yet.
    package static func load(environment: [String: String], context: String? = nil) throws -> KubernetesAccess {
        throw KubernetesError(.unreachable, "this call is not built yet")
    }
}
