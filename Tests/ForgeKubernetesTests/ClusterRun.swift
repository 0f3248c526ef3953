// SPDX-License-Identifier: Apache-2.0

import ForgeClusterTesting
import ForgeEngine
import ForgeHTTP
import ForgeJSON
import ForgeKubernetesClient
import ForgeKubernetesObjects
import ForgeKubernetesTesting
import ForgeModel
import ForgeTesting
import Logging

@testable import ForgeKubernetes

/// A platform's part of the test cluster, with its watches beside it; gone after the test.
struct ClusterRun: Sendable {
    let cluster: KubernetesCluster
    let contract: ClusterContract
    /// With full rights, for what a test has to see or do behind the adapter's back.
    let client: KubernetesClient
    let naming: KubernetesNaming

    /// Whether there is a cluster that runs pods.
    static let canRun = TestCluster.access != nil && TestImage.canPush

    /// Runs a test on an instance of its own.
    static func with(
        builds: Int = 2,
        _ change: (inout KubernetesSettings) -> Void = { _ in },
        _ body: @escaping @Sendable (ClusterRun) async throws -> Void
    ) async throws {
        let image = try await TestImage()
        do {
            try await with(image: image.reference, builds: builds, change, body)
        } catch {
            try await image.remove()
            throw error
        }
        try await image.remove()
    }

    /// Runs a test with an image that need not be there, for what never gets so far as to pull it.
    static func with(
        image: ImageReference,
        builds: Int = 2,
        access: KubernetesAccess? = TestCluster.access,
        _ change: (inout KubernetesSettings) -> Void = { _ in },
        _ body: @escaping @Sendable (ClusterRun) async throws -> Void
    ) async throws {
        guard let access else { throw KubernetesError(.unreachable, "there is no test cluster") }
        let client = KubernetesClient(access: access, transport: HTTPTransport())
        var settings = KubernetesSettings(try naming())
        settings.builds = builds
        change(&settings)
        let run = ClusterRun(client: client, settings: settings, image: image)
        do {
            try await run.beside(body)
        } catch {
            try? await run.clean()
            throw error
        }
        try await run.clean()
    }

    init(client: KubernetesClient, settings: KubernetesSettings, image: ImageReference) {
        self.client = client
        naming = settings.naming
        cluster = KubernetesCluster(
            settings: settings,
            client: client,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        contract = ClusterContract(
            cluster: cluster,
            image: image,
            keepsCaches: false,
            shortTimeout: TimeSpan(seconds: 15),
            cpu: CPU(millicores: 200)
        )
    }

    /// Runs a body beside the watches, when all has been seen once, and ends the watches after it.
    func beside(_ body: (ClusterRun) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await cluster.run() }
            defer { group.cancelAll() }
            try await eventually("the cluster is known") { isKnown }
            try await body(self)
        }
    }

    /// Somebody else who writes, with full rights.
    func writer(_ manager: String) -> KubernetesClient {
        KubernetesClient(access: client.access, transport: HTTPTransport(), manager: manager)
    }

    /// Whether every kind has been listed.
    var isKnown: Bool {
        guard let connection = try? cluster.connection() else { return false }
        return connection.caches.allSatisfy { $0.sync == .synced }
    }

    private static func naming() throws -> KubernetesNaming {
        let random = String(UInt32.random(in: 0...UInt32.max), radix: 36)
        var naming = try KubernetesNaming(instance: "t\(random)")
        naming.appsNamespace = "forge-test-apps-\(random)"
        naming.buildsNamespace = "forge-test-builds-\(random)"
        return naming
    }

    private func clean() async throws {
        for name in [naming.appsNamespace, naming.buildsNamespace] {
            try await client.delete(Resources.namespace, namespace: nil, name: name)
        }
    }
}

/// The kinds that tests touch behind the adapter's back.
enum Resources {
    static let namespace = core("Namespace", "namespaces", isNamespaced: false)
    static let pod = core("Pod", "pods")
    static let secret = core("Secret", "secrets")
    static let service = core("Service", "services")
    static let serviceAccount = core("ServiceAccount", "serviceaccounts")
    static let deployment = APIResource(
        group: "apps",
        version: "v1",
        kind: "Deployment",
        plural: "deployments",
        isNamespaced: true
    )
    static let ingress = APIResource(
        group: "networking.k8s.io",
        version: "v1",
        kind: "Ingress",
        plural: "ingresses",
        isNamespaced: true
    )
    static let job = APIResource(group: "batch", version: "v1", kind: "Job", plural: "jobs", isNamespaced: true)

    private static func core(_ kind: String, _ plural: String, isNamespaced: Bool = true) -> APIResource {
        APIResource(group: "", version: "v1", kind: kind, plural: plural, isNamespaced: isNamespaced)
    }
}
