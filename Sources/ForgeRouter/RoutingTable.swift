// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeModel
import FoundationEssentials

/// All that the data plane needs to know: which host leads to which workload, and where each workload's instances are.
/// Its bytes go over the control socket and into the table file (specs/router.md §4); equal tables have equal bytes.
struct RoutingTable: Equatable, Sendable {
    /// One route for each host.
    private(set) var routes: [Host: Route] = [:]
    /// The ready instances by service, `<app>.<process>`; no service has an empty list.
    private(set) var endpoints: [String: [Endpoint]] = [:]

    /// - Throws: `RouterError` if the host is another app's.
    mutating func add(_ route: Route) throws {
        if let present = routes[route.host], present.app != route.app {
            throw RouterError.taken(route.host.text, by: present.app.text)
        }
        routes[route.host] = route
    }

    /// Takes out exactly this route: when its host has meanwhile gone to another workload, that stays.
    mutating func remove(_ route: Route) {
        if routes[route.host] == route { routes[route.host] = nil }
    }

    /// Replaces the endpoints of the services named. The order is kept out of the bytes.
    /// - Throws: `RouterError` for an endpoint that nginx could not connect to.
    mutating func replace(_ changes: [String: [Endpoint]]) throws {
        for (service, list) in changes {
            for endpoint in list where !endpoint.isUsable {
                throw RouterError.table("\(service) has an endpoint at '\(endpoint.address)' port \(endpoint.port)")
            }
        }
        for (service, list) in changes {
            endpoints[service] = list.isEmpty ? nil : list.sorted { ($0.address, $0.port) < ($1.address, $1.port) }
        }
    }

    /// - Parameter boot: identifies the machine's boot in which the endpoints' addresses were assigned.
    /// - Throws: `RouterError` above the size that nginx takes.
    func bytes(boot: String) throws -> [UInt8] {
        let document = TableDocument(
            boot: boot,
            routes: routes.mapValues { Pair($0.app, $0.process) },
            services: endpoints.mapValues { $0.map { Pair($0.address, $0.port) } }
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let bytes = try [UInt8](encoder.encode(document))
        guard bytes.count <= RouterScript.tableLimit else {
            throw RouterError.table("\(bytes.count) bytes are more than nginx takes, \(RouterScript.tableLimit)")
        }
        return bytes
    }

    /// An empty table.
    init() {}

    /// Reads a table back. Endpoints of another boot are left out: their addresses may be other workloads' by now.
    init(bytes: [UInt8], boot: String) throws {
        let document = try JSONDecoder().decode(TableDocument.self, from: Data(bytes))
        for (host, target) in document.routes {
            try add(Route(host: host, app: target.first, process: target.second))
        }
        guard document.boot == boot else { return }
        try replace(document.services.mapValues { $0.map { Endpoint(address: $0.first, port: $0.second) } })
    }
}

/// The JSON form of a table.
private struct TableDocument: Codable {
    let boot: String
    let routes: [Host: Pair<AppName, ProcessType>]
    let services: [String: [Pair<String, Int>]]
}

/// `["shop", "web"]` or `["10.89.0.3", 8080]`: half the size of an object, in a text that every worker parses.
private struct Pair<First: Codable, Second: Codable>: Codable {
    let first: First
    let second: Second

    init(_ first: First, _ second: Second) {
        self.first = first
        self.second = second
    }

    init(from decoder: any Decoder) throws {
        var pair = try decoder.unkeyedContainer()
        first = try pair.decode(First.self)
        second = try pair.decode(Second.self)
    }

    func encode(to encoder: any Encoder) throws {
        var pair = encoder.unkeyedContainer()
        try pair.encode(first)
        try pair.encode(second)
    }
}

extension Endpoint {
    /// An IP address literal and a port: nginx looks up no names here.
    fileprivate var isUsable: Bool {
        let isLiteral = address.utf8.allSatisfy { byte in
            byte == UInt8(ascii: ".") || byte == UInt8(ascii: ":")
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
        }
        return isLiteral && (address.contains(".") || address.contains(":")) && (1...65_535).contains(port)
    }
}
