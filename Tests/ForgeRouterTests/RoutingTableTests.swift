// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeModel
import Testing

@testable import ForgeRouter

@Suite struct RoutingTableTests {
    private let near = Endpoint(address: "10.89.0.3", port: 8080)
    private let far = Endpoint(address: "fd00::7", port: 5000)

    @Test func equalTablesHaveEqualBytes() throws {
        var (one, two) = (RoutingTable(), RoutingTable())
        try one.add(route("shop"))
        try one.add(route("blog"))
        try one.replace(["shop.web": [near, far]])
        try two.replace(["shop.web": [far, near], "blog.web": []])
        try two.add(route("blog"))
        try two.add(route("shop"))
        #expect(
            try String(decoding: one.bytes(boot: "b"), as: UTF8.self)
                == #"{"boot":"b","routes":{"blog.apps.test":["blog","web"],"shop.apps.test":["shop","web"]},"#
                + #""services":{"shop.web":[["10.89.0.3",8080],["fd00::7",5000]]}}"#
        )
        #expect(try one.bytes(boot: "b") == two.bytes(boot: "b"))
        #expect(try RoutingTable(bytes: one.bytes(boot: "b"), boot: "b") == one)
    }

    @Test func endpointsOfAnotherBootAreLeftOut() throws {
        var table = RoutingTable()
        try table.add(route("shop"))
        try table.replace(["shop.web": [near]])
        let read = try RoutingTable(bytes: table.bytes(boot: "before"), boot: "after")
        #expect(read.routes == table.routes)
        #expect(read.endpoints.isEmpty)
    }

    @Test func aHostHasOneApp() throws {
        var table = RoutingTable()
        try table.add(route("shop"))
        try table.add(route("shop", process: "admin"))
        // The route as it was before no longer exists, so its removal takes nothing away.
        try table.remove(route("shop"))
        #expect(try table.routes[Host("shop.apps.test")] == route("shop", process: "admin"))
        #expect(throws: RouterError.self) {
            try table.add(Route(host: Host("shop.apps.test"), app: AppName("blog"), process: .web))
        }
        try table.remove(route("shop", process: "admin"))
        #expect(table == RoutingTable())
    }

    @Test func servicesThatAreNotNamedKeepTheirEndpoints() throws {
        var table = RoutingTable()
        try table.replace(["shop.web": [near], "blog.web": [far]])
        try table.replace(["blog.web": []])
        #expect(table.endpoints == ["shop.web": [near]])
    }

    @Test(arguments: [
        Endpoint(address: "example.com", port: 80), Endpoint(address: "", port: 80),
        Endpoint(address: "10.0.0.1", port: 0),
        Endpoint(address: "10.0.0.1", port: 65_536), Endpoint(address: "[::1]", port: 80),
        Endpoint(address: "bad", port: 1),
    ])
    func anEndpointIsAnAddressAndAPort(endpoint: Endpoint) {
        var table = RoutingTable()
        #expect(throws: RouterError.self) { try table.replace(["shop.web": [near], "a.web": [endpoint]]) }
        #expect(table == RoutingTable())
    }
}
