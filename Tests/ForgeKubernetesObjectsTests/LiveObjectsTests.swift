// SPDX-License-Identifier: Apache-2.0

import ForgeJSON
import ForgeKubernetesClient
import ForgeKubernetesTesting
import ForgeModel
import ForgePlan
import ForgePlanner
import ForgeTesting
import Testing

@testable import ForgeKubernetesObjects

/// What a real API server makes of our objects.
@Suite(.enabled(if: TestCluster.access != nil, "needs a cluster in FORGE_TEST_KUBECONFIG")) struct LiveObjectsTests {
    private static let plurals = [
        "Namespace": "namespaces", "ResourceQuota": "resourcequotas", "LimitRange": "limitranges",
        "NetworkPolicy": "networkpolicies", "ServiceAccount": "serviceaccounts", "Deployment": "deployments",
        "Service": "services", "PodDisruptionBudget": "poddisruptionbudgets", "Ingress": "ingresses", "Job": "jobs",
        "Secret": "secrets", "ConfigMap": "configmaps", "PersistentVolumeClaim": "persistentvolumeclaims",
    ]

    private static func resource(_ object: KubernetesObject) throws -> APIResource {
        let parts = object.apiVersion.split(separator: "/").map(String.init)
        return APIResource(
            group: parts.count == 2 ? parts[0] : "",
            version: parts.last ?? "v1",
            kind: object.kind,
            plural: try #require(plurals[object.kind]),
            isNamespaced: object.namespace != nil
        )
    }

    @discardableResult
    private static func apply(_ object: KubernetesObject, _ client: KubernetesClient, dryRun: Bool = false) async throws
        -> JSONValue
    {
        try await client.apply(
            object.body,
            resource: try resource(object),
            namespace: object.namespace,
            force: true,
            dryRun: dryRun
        )
    }

    private static func get(_ object: KubernetesObject, _ client: KubernetesClient) async throws -> OwnedFields {
        let live = try await client.get(try resource(object), namespace: object.namespace, name: object.name)
        return OwnedFields(of: try #require(live))
    }

    /// A dialect for this server, in the test's namespace.
    private static func dialect(in namespace: String) throws -> KubernetesDialect {
        let naming = try Units.naming {
            $0.appsNamespace = namespace
            $0.buildsNamespace = namespace
        }
        return KubernetesDialect(naming, versions: KubernetesVersions(groupVersions: [], minor: 20))
    }

    private static let workloads: [Workload] = [
        Units.workload(),
        Units.workload(instances: 1, healthcheck: .tcp(grace: TimeSpan(seconds: 5))),
        Units.workload(
            Sample.type("worker"),
            command: .shell("echo $(HOME) $$; sleep 1"),
            env: ["EMPTY": "", "Z": "1", "A": "x\ny", "B": "$(A)"],
            port: nil,
            healthcheck: .none
        ),
        Units.workload(),
        Units.workload(Sample.type("plain"), healthcheck: .none),
    ]

    @Test func `what was applied is what is seen, byte for byte`() async throws {
        try await TestCluster.withNamespace { client, namespace in
            let dialect = try Self.dialect(in: namespace)
            let route = Route(host: Sample.host("shop.\(namespace).example"), app: Sample.app, process: .web)
            let units = [.space(Space(app: Sample.app)), .route(route)] + Self.workloads.map(Unit.workload)
            for object in units.flatMap(dialect.objects) {
                let applied = OwnedFields(of: try await Self.apply(object, client))
                #expect(applied.fields == object.fields, "\(object.kind) as the apply answers it")
                let seen = try await Self.get(object, client)
                #expect(seen.packed == object.fields.json.bytes(), "\(object.kind) as it is read")
                #expect(object.fields != .map([:]))
            }
        }
    }

    @Test func `jobs and what they need are taken by the server`() async throws {
        try await TestCluster.withNamespace { client, namespace in
            var provisions = TaskProvisions()
            provisions.registryAuth = #"{"r":"Basic x"}"#
            provisions.certificates = "-----BEGIN CERTIFICATE-----\n"
            provisions.cacheStorageClass = "none"
            let dialect = try Self.dialect(in: namespace)
            let objects = dialect.objects(of: Units.build(), provisions)
            for object in objects.foundations + [objects.credentials].compactMap({ $0 }) {
                let applied = OwnedFields(of: try await Self.apply(object, client))
                #expect(applied.fields == object.fields, "\(object.kind)")
            }
            let job = try await client.create(
                objects.job.body,
                resource: try Self.resource(objects.job),
                namespace: namespace
            )
            let facts = JobFacts(job, after: nil, at: Timestamp(number: 0))
            #expect(facts.phases == ["detect", "export"])
            #expect(facts.task == "build-7-0123456789")
            #expect(facts.timeout == 1800)
        }
    }

    /// What someone else's write looks like to the planner, as `path: wanted → live, by whom`.
    private func drift(_ command: [String], of kind: String = "Deployment") async throws -> [String] {
        try await TestCluster.withNamespace { client, namespace in
            let dialect = try Self.dialect(in: namespace)
            let objects = dialect.objects(of: .workload(Units.workload()))
            let object = try #require(objects.first { $0.kind == kind })
            try await Self.apply(object, client)
            try Kubectl.run(command, namespace: namespace)
            let seen = try await Self.get(object, client)
            let diff = FieldDiff(
                kind: kind,
                from: object.fields,
                to: seen.fields,
                dialect: dialect,
                owners: seen.owners
            )
            let repaired = OwnedFields(of: try await Self.apply(object, client))
            #expect(repaired.fields == object.fields, "applying again sets it back")
            return diff.changes.map { change in
                let owner = seen.owners[change.path]
                #expect(owner == nil || owner?.since != nil)
                return "\(change.path): \(change.from ?? "-") → \(change.to ?? "-"), \(owner?.manager ?? "nobody")"
            }
        }
    }

    @Test(
        .enabled(if: Kubectl.isThere, "needs a cluster and kubectl"),
        arguments: [
            // v1.20 keeps no record of who scales.
            (["scale", "deployment/shop-web", "--replicas=5"], ["instances: 2 → 5, nobody"]),
            (
                ["set", "image", "deployment/shop-web", "web=evil:1"],
                ["image: \(Sample.image("apps/shop", "a")) → evil:1, kubectl-set"]
            ),
            (["set", "env", "deployment/shop-web", "LOG_LEVEL=debug"], ["env.LOG_LEVEL: info → debug, kubectl-set"]),
            (["set", "env", "deployment/shop-web", "LOG_LEVEL-"], ["env.LOG_LEVEL: info → -, nobody"]),
            (
                ["set", "resources", "deployment/shop-web", "--limits=memory=1Gi"],
                ["resources.memory: 256Mi → 1Gi, kubectl-set"]
            ),
            (
                ["label", "deployment/shop-web", "--overwrite", "paas.forge/app=mine"],
                ["metadata.labels.paas.forge/app: shop → mine, kubectl-label"]
            ),
            // What others add is theirs.
            (["annotate", "deployment/shop-web", "note=hello"], []),
            (["set", "env", "deployment/shop-web", "THEIRS=1"], []),
            (["rollout", "pause", "deployment/shop-web"], []),
        ]
    )
    func `what someone else changes is seen with who and when, and set back`(
        _ command: [String],
        _ wanted: [String]
    ) async throws {
        #expect(try await drift(command) == wanted)
    }
}
