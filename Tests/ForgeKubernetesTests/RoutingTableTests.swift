// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeJSON
import ForgeKubernetesObjects
import ForgeModel
import ForgeTesting
import Testing

@testable import ForgeKubernetes

/// Which hosts lead where, and to which addresses.
@Suite struct RoutingTableTests {
    private func cached(_ kind: String, _ name: String, app: String = "shop", _ more: [String: JSONValue]) throws
        -> CachedObject
    {
        var object = more
        object["kind"] = .string(kind)
        object["metadata"] = [
            "name": .string(name), "namespace": "apps", "uid": .string(name), "resourceVersion": "1",
            "labels": .object([KubernetesLabel.app: .string(app), KubernetesLabel.process: "web"]),
        ]
        return try #require(CachedObject(.object(object), after: nil, at: Timestamp(number: 0)))
    }

    private func ingress(_ name: String, app: String = "shop", class ingressClass: String = "forge", host: String)
        throws -> CachedObject
    {
        let spec: JSONValue = ["ingressClassName": .string(ingressClass), "rules": [["host": .string(host)]]]
        return try cached("Ingress", name, app: app, ["spec": spec])
    }

    private func slice(_ name: String, _ addresses: [(String, ready: Bool?)]) throws -> CachedObject {
        let endpoints = addresses.map { address, ready in
            JSONValue.object([
                "addresses": [.string(address)],
                "conditions": .object(ready.map { ["ready": .bool($0)] } ?? [:]),
            ])
        }
        return try cached(
            "EndpointSlice",
            name,
            ["addressType": "IPv4", "ports": [["name": "http", "port": 8080]], "endpoints": .array(endpoints)]
        )
    }

    private func table(_ ingresses: [CachedObject], _ slices: [CachedObject] = []) -> RoutingTable {
        RoutingTable(ingresses: ingresses, slices: slices, ingressClass: "forge")
    }

    @Test func `hosts of our class lead to the process that the labels name`() throws {
        let table = table([
            try ingress("a", host: "shop.test"), try ingress("b", class: "traefik", host: "other.test"),
            try ingress("c", host: "Not A Host"),
        ])
        #expect(table.routes == [Route(host: try Host("shop.test"), app: Sample.app, process: .web)])
    }

    @Test func `of two that want a host, the same one always wins`() throws {
        let first = try ingress("a", app: "shop", host: "x.test")
        let second = try ingress("b", app: "blog", host: "x.test")
        #expect(table([first, second]) == table([second, first]))
        #expect(table([second, first]).routes.map(\.app) == [Sample.app])
    }

    @Test func `pods that are not ready get nothing, and a service is one list over all its slices`() throws {
        let table = table(
            [],
            [
                try slice("s1", [("10.0.0.2", true), ("10.0.0.3", false)]),
                try slice("s2", [("10.0.0.1", nil), ("10.0.0.2", true)]),
            ]
        )
        #expect(
            table.endpoints == [
                "shop.web": [Endpoint(address: "10.0.0.1", port: 8080), Endpoint(address: "10.0.0.2", port: 8080)]
            ]
        )
    }

    @Test func `a service without a ready pod has an empty list`() throws {
        #expect(table([], [try slice("s1", [("10.0.0.3", false)])]).endpoints == ["shop.web": []])
    }
}
