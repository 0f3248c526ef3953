// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
import ForgeJSON
import ForgeKubernetesTesting
import ForgeTesting
import Testing

@testable import ForgeKubernetesClient

/// Objects of a real API server.
@Suite(.enabled(if: TestCluster.access != nil, "needs a cluster in FORGE_TEST_KUBECONFIG")) struct ClusterObjectTests {
    @Test func `discovery names the release, and each kind in the first version that both sides know`() async throws {
        let discovery = try await TestCluster.client().discover()
        #expect(discovery.server >= KubernetesVersion(major: 1, minor: 20))
        let deployment = discovery.resource(group: "apps", kind: "Deployment", versions: ["v2", "v1"])
        #expect(deployment == Sample.deployments)
        let budget = discovery.resource(group: "policy", kind: "PodDisruptionBudget", versions: ["v1", "v1beta1"])
        let isOld = discovery.server < KubernetesVersion(major: 1, minor: 21)
        #expect(budget?.version == (isOld ? "v1beta1" : "v1"))
        #expect(discovery.resource(group: "", kind: "Namespace", versions: ["v1"])?.isNamespaced == false)
        #expect(discovery.resource(group: "apps", kind: "Scale", versions: ["v1"]) == nil)
    }

    @Test func `an object that is not there is nil, created once, and gone after delete`() async throws {
        try await TestCluster.withNamespace { client, namespace in
            #expect(try await client.get(Sample.configMaps, namespace: namespace, name: "a") == nil)
            #expect(try await client.delete(Sample.configMaps, namespace: namespace, name: "a") == false)
            let object = Sample.configMap("a", "one")
            try await client.create(object, resource: Sample.configMaps, namespace: namespace, dryRun: true)
            #expect(try await client.get(Sample.configMaps, namespace: namespace, name: "a") == nil)
            let made = try await client.create(object, resource: Sample.configMaps, namespace: namespace)
            #expect(made["data"] == ["text": "one"])
            let error = await #expect(throws: KubernetesError.self) {
                try await client.create(object, resource: Sample.configMaps, namespace: namespace)
            }
            #expect(error?.code == .exists)
            #expect(try await client.get(Sample.configMaps, namespace: namespace, name: "a") == made)
            #expect(try await client.delete(Sample.configMaps, namespace: namespace, name: "a"))
            #expect(try await client.get(Sample.configMaps, namespace: namespace, name: "a") == nil)
        }
    }

    @Test func `apply takes back a field only by force, and names who has it`() async throws {
        try await TestCluster.withNamespace { client, namespace in
            let other = try TestCluster.client(manager: "somebody")
            try await client.apply(
                Sample.configMap("a", "ours"),
                resource: Sample.configMaps,
                namespace: namespace,
                force: false
            )
            try await other.apply(
                Sample.configMap("a", "theirs"),
                resource: Sample.configMaps,
                namespace: namespace,
                force: true
            )
            let error = await #expect(throws: KubernetesError.self) {
                try await client.apply(
                    Sample.configMap("a", "ours"),
                    resource: Sample.configMaps,
                    namespace: namespace,
                    force: false
                )
            }
            #expect(error?.code == .conflict)
            #expect(error?.message.contains("\"somebody\"") == true)
            #expect(error?.message.contains("cannot apply ConfigMap a in \(namespace)") == true)
            #expect(error?.fields == [".data.text"])
            let taken = try await client.apply(
                Sample.configMap("a", "ours"),
                resource: Sample.configMaps,
                namespace: namespace,
                force: true
            )
            #expect(taken["data", "text"] == "ours")
        }
    }

    @Test func `apply and delete refuse an object that is not the one that was seen`() async throws {
        try await TestCluster.withNamespace { client, namespace in
            let first = try await client.create(
                Sample.configMap("a"),
                resource: Sample.configMaps,
                namespace: namespace
            )
            let uid = try #require(first["metadata", "uid"]?.string)
            let version = try #require(first["metadata", "resourceVersion"]?.string)
            var changed = try #require(Sample.configMap("a", "two").object)
            changed["metadata"] = ["name": "a", "resourceVersion": .string(version), "uid": .string(uid)]
            let object = JSONValue.object(changed)
            try await client.apply(object, resource: Sample.configMaps, namespace: namespace, force: true)
            func code(_ body: () async throws -> Void) async -> KubernetesError.Code? {
                await #expect(throws: KubernetesError.self) { try await body() }?.code
            }
            #expect(
                await code {
                    changed["data"] = ["text": "three"]
                    let object = JSONValue.object(changed)
                    try await client.apply(object, resource: Sample.configMaps, namespace: namespace, force: true)
                } == .conflict
            )
            #expect(
                await code {
                    try await client.delete(
                        Sample.configMaps,
                        namespace: namespace,
                        name: "a",
                        uid: uid,
                        resourceVersion: version
                    )
                } == .conflict
            )
            try await client.delete(Sample.configMaps, namespace: namespace, name: "a", uid: uid)
            try await client.create(Sample.configMap("a"), resource: Sample.configMaps, namespace: namespace)
            #expect(
                await code {
                    try await client.delete(Sample.configMaps, namespace: namespace, name: "a", uid: uid)
                } == .conflict
            )
            #expect(try await client.get(Sample.configMaps, namespace: namespace, name: "a") != nil)
        }
    }

    @Test func `an invalid object is refused with the fields that are wrong`() async throws {
        try await TestCluster.withNamespace { client, namespace in
            let deployment: JSONValue = [
                "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "a"],
                "spec": [
                    "selector": ["matchLabels": ["app": "a"]],
                    "template": [
                        "metadata": ["labels": ["app": "b"]],
                        "spec": ["containers": [["name": "a", "image": "example.invalid/a"]]],
                    ],
                ],
            ]
            let error = await #expect(throws: KubernetesError.self) {
                try await client.apply(deployment, resource: Sample.deployments, namespace: namespace, force: true)
            }
            #expect(error?.code == .invalid)
            #expect(error?.fields == ["spec.template.metadata.labels"])
        }
    }

    @Test func `what a server says of a refused Secret does not quote it`() async throws {
        try await TestCluster.withNamespace { client, namespace in
            let secret: JSONValue = [
                "apiVersion": "v1", "kind": "Secret", "metadata": ["name": "a"], "stringData": ["hush hush": "hush"],
            ]
            let error = await #expect(throws: KubernetesError.self) {
                try await client.apply(secret, resource: Sample.secrets, namespace: namespace, force: true)
            }
            #expect(error?.code == .invalid)
            #expect(error?.message.contains("Invalid value") == false)
        }
    }

    @Test func `without rights every call is forbidden by name, and it can be asked before`() async throws {
        try await TestCluster.withNamespace { client, namespace in
            let access = try await TestCluster.access(as: "nobody", namespace: namespace, client: client)
            let nobody = KubernetesClient(access: access, transport: TestCluster.transport)
            let error = await #expect(throws: KubernetesError.self) {
                _ = try await nobody.get(Sample.configMaps, namespace: namespace, name: "a")
            }
            #expect(error?.code == .forbidden)
            #expect(error?.message.contains("system:serviceaccount:\(namespace):nobody") == true)
            #expect(try await nobody.canI("get", Sample.configMaps, namespace: namespace) == false)
            #expect(try await client.canI("get", Sample.configMaps, namespace: nil))
        }
    }

    @Test func `a group that is not served is no proof that an object does not exist`() async throws {
        let strange = APIResource(group: "x.invalid", version: "v1", kind: "X", plural: "xs", isNamespaced: true)
        let error = await #expect(throws: KubernetesError.self) {
            _ = try await TestCluster.client().get(strange, namespace: "default", name: "a")
        }
        #expect(error?.code == .unintelligible)
    }
}
