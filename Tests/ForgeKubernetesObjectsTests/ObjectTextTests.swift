// SPDX-License-Identifier: Apache-2.0

import ForgeKubernetesObjects
import ForgeModel
import ForgeTesting
import Testing

/// The objects as they are sent, word for word.
@Suite struct ObjectTextTests {
    @Test func `a process type`() throws {
        let objects = try Units.dialect().objects(of: .workload(Units.workload()))
        #expect(objects.map { JSONText.of($0.body) } == Self.workload)
    }

    @Test func `an app's own walls`() throws {
        let objects = try Units.dialect().objects(of: .space(Space(app: Sample.app))).filter { !$0.isShared }
        #expect(objects.map { JSONText.of($0.body) } == Self.space)
    }

    @Test func `what apps share`() throws {
        let objects = try Units.dialect().objects(of: .space(Space(app: Sample.app))).filter(\.isShared)
        #expect(objects.map { JSONText.of($0.body) } == Self.shared)
    }

    @Test func `a host`() throws {
        let route = Route(host: Sample.host("shop.example.com"), app: Sample.app, process: .web)
        let objects = try Units.dialect().objects(of: .route(route))
        #expect(objects.map { JSONText.of($0.body) } == Self.route)
    }

    @Test func `a build`() throws {
        var provisions = TaskProvisions()
        provisions.registryAuth = #"{"r":"Basic x"}"#
        provisions.certificates = "PEM"
        provisions.cacheStorageClass = "fast"
        provisions.egressEnvironment = ["HTTPS_PROXY": "http://proxy:3128"]
        let objects = try Units.dialect().objects(of: Units.build(), provisions)
        let others = Array(objects.foundations.dropFirst(2)) + [objects.credentials].compactMap { $0 } + [objects.job]
        #expect(others.map { JSONText.of($0.body) } == Self.build)
    }
}
