// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
import ForgeJSON
import ForgeKubernetesTesting
import ForgeTesting
import Testing

@testable import ForgeKubernetesClient

/// Lists, watches and logs of a real API server.
@Suite(.enabled(if: TestCluster.access != nil, "needs a cluster in FORGE_TEST_KUBECONFIG")) struct ClusterStreamTests {
    /// The items of a list and the moment that it shows.
    private func list(
        _ client: KubernetesClient,
        _ namespace: String,
        limit: Int = 500
    ) async throws -> (names: [String], resourceVersion: String?) {
        var names: [String] = []
        var resourceVersion: String?
        for try await event in client.list(Sample.configMaps, namespace: namespace, labels: "test=yes", limit: limit) {
            switch event {
            case .item(let object):
                #expect(object["kind"] == "ConfigMap")
                names.append(object["metadata", "name"]?.string ?? "")
            case .end(let version): resourceVersion = version
            }
        }
        return (names, resourceVersion)
    }

    @Test func `a list of several pages has every object once`() async throws {
        try await TestCluster.withNamespace { client, namespace in
            for index in 1...7 {
                let object = Sample.configMap("c\(index)")
                try await client.create(object, resource: Sample.configMaps, namespace: namespace)
            }
            let (names, version) = try await list(client, namespace, limit: 2)
            #expect(names == (1...7).map { "c\($0)" })
            #expect(version?.isEmpty == false)
            #expect(try await list(client, namespace).names.count == 7)
        }
    }

    @Test func `a watch tells of what is made, changed and deleted after the list`() async throws {
        try await TestCluster.withNamespace { client, namespace in
            try await client.create(Sample.configMap("old"), resource: Sample.configMaps, namespace: namespace)
            let version = try #require(try await list(client, namespace).resourceVersion)
            try await client.create(Sample.configMap("a", "1"), resource: Sample.configMaps, namespace: namespace)
            try await client.apply(
                Sample.configMap("a", "2"),
                resource: Sample.configMaps,
                namespace: namespace,
                force: true
            )
            try await client.delete(Sample.configMaps, namespace: namespace, name: "a")
            var seen: [String] = []
            for try await event in client.watch(
                Sample.configMaps,
                namespace: namespace,
                labels: "test=yes",
                from: version
            ) {
                switch event {
                case .changed(let object): seen.append("changed \(object["data", "text"]?.string ?? "")")
                case .deleted(let object): seen.append("deleted \(object["data", "text"]?.string ?? "")")
                case .bookmark, .listed: break
                }
                if seen.count == 3 { break }
            }
            #expect(seen == ["changed 1", "changed 2", "deleted 2"])
        }
    }

    @Test func `following tells what is there, then that this is all, then what happens`() async throws {
        try await TestCluster.withNamespace { client, namespace in
            try await client.create(Sample.configMap("old"), resource: Sample.configMaps, namespace: namespace)
            var seen: [String] = []
            for try await event in client.follow(Sample.configMaps, namespace: namespace, labels: "test=yes") {
                switch event {
                case .changed(let object): seen.append(object["metadata", "name"]?.string ?? "")
                case .listed:
                    seen.append("listed")
                    try await client.create(Sample.configMap("new"), resource: Sample.configMaps, namespace: namespace)
                case .deleted, .bookmark: break
                }
                if seen.last == "new" { break }
            }
            #expect(seen == ["old", "listed", "new"])
        }
    }

    @Test func `a moment that the server has forgotten is gone`() async throws {
        try await TestCluster.withNamespace { client, namespace in
            try await client.create(Sample.configMap("a"), resource: Sample.configMaps, namespace: namespace)
            // A young server still remembers its first moment; it then tells of the object, and nothing waits.
            do {
                for try await _ in client.watch(Sample.configMaps, namespace: namespace, from: "1") { break }
            } catch let error as KubernetesError {
                #expect(error.code == .gone)
            }
        }
    }

    @Test func `a cancelled watch ends`() async throws {
        try await TestCluster.withNamespace { client, namespace in
            let isListed = Shared(false)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for try await event in client.follow(Sample.configMaps, namespace: namespace) {
                        if case .listed = event { isListed.update { $0 = true } }
                    }
                }
                try await eventually("the list has been read") { isListed.value }
                group.cancelAll()
                while let result = await group.nextResult() {
                    if case .failure(let error) = result { #expect(error is CancellationError) }
                }
            }
        }
    }

    @Test func `the log of a pod that is not there is not found`() async throws {
        try await TestCluster.withNamespace { client, namespace in
            let error = await #expect(throws: KubernetesError.self) {
                for try await _ in client.logs(namespace: namespace, pod: "a") {}
            }
            #expect(error?.code == .notFound)
        }
    }
}
