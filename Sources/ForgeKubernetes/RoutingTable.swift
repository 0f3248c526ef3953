// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeModel

/// What Ingresses and EndpointSlices say a router should do, as a value.
struct RoutingTable: Hashable, Sendable {
    /// The routes, sorted by host; a host is in one.
    private(set) var routes: [Route] = []
    /// The addresses that answer, by service; a service that has slices and no address that answers has an empty list.
    private(set) var endpoints: [String: [Endpoint]] = [:]

    /// - Parameters:
    ///   - ingresses: of whatever class.
    ///   - slices: of whatever service.
    ///   - ingressClass: the class that is routed.
    init(ingresses: [CachedObject], slices: [CachedObject], ingressClass: String) {
        var taken: [Host: Route] = [:]
        for ingress in ingresses.sorted(by: { $0.key.name < $1.key.name }) {
            for route in ingress.routes(ofClass: ingressClass) where taken[route.host] == nil {
                taken[route.host] = route
            }
        }
        routes = taken.values.sorted { $0.host < $1.host }
        for slice in slices {
            guard let app = slice.app, let process = slice.content.process,
                case .endpoints(let addresses) = slice.content.facts
            else { continue }
            endpoints["\(app).\(process)", default: []] += addresses
        }
        // While a slice is split, an address can be in two.
        endpoints = endpoints.mapValues { addresses in
            Set(addresses).sorted { ($0.address, $0.port) < ($1.address, $1.port) }
        }
    }
}

extension CachedObject {
    /// The routes of an Ingress of ours; none of one of another class, or on its way out.
    func routes(ofClass wanted: String) -> [Route] {
        guard case .ingress(class: wanted, let hosts) = content.facts, let app, let process = content.process,
            !isTerminating
        else { return [] }
        return hosts.compactMap { try? Host($0) }.map { Route(host: $0, app: app, process: process) }
    }
}
