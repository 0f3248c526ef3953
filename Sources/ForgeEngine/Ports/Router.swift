// SPDX-License-Identifier: Apache-2.0

package import ForgeModel

/// What sends requests from hosts to workloads.
package protocol Router: Sendable {
    /// The hosts that are sent to an app, sorted.
    func routes(_ app: AppName) async throws -> [Route]
    /// Sends a host's requests to a workload; when it returns, new requests go there.
    func add(_ route: Route) async throws
    /// Stops sending a host's requests anywhere; does nothing when the host is not the app's.
    func remove(_ route: Route) async throws
}

/// Takes the addresses that answer for each service; when `publish` returns, new requests go to these only.
package protocol EndpointSink: Sendable {
    /// Replaces the endpoints of every service named; a service with none gets an empty list.
    func publish(_ endpoints: [String: [Endpoint]]) async throws
}

/// Takes the whole table of a router whose table is kept elsewhere; when `replace` returns, new requests follow it.
package protocol RoutingSink: Sendable {
    /// Replaces every route and the endpoints of every service; a host is in one route.
    func replace(routes: [Route], endpoints: [String: [Endpoint]]) async throws
}

/// One address that answers.
package struct Endpoint: Hashable, Sendable, Codable {
    /// The IP address.
    package let address: String
    /// The port.
    package let port: Int

    /// Names an address.
    package init(address: String, port: Int) {
        self.address = address
        self.port = port
    }
}

/// Why the router did not do what it was asked, as one line.
package struct RouterError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What, where, what to do.
    package let description: String

    /// Describes a fault.
    package init(_ description: String) { self.description = description }
}
