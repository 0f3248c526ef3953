// SPDX-License-Identifier: Apache-2.0

import ForgeClusterTesting
import ForgeEngine
import ForgeModel
import Logging

@testable import ForgePodman

/// Clusters of tests, with their loop beside them.
enum ClusterRun {
    /// Runs a test with a cluster whose loop runs.
    static func with(
        registry: String = "127.0.0.1:1",
        certificates: String? = nil,
        _ body: @escaping @Sendable (ClusterContract, PodmanService, RecordingSink) async throws -> Void
    ) async throws {
        try await PodmanService.with { service in
            let sink = RecordingSink()
            try await beside(try cluster(service, sink, registry, certificates)) { cluster in
                try await body(ClusterContract(cluster: cluster, image: service.image), service, sink)
            }
        }
    }

    static func cluster(
        _ service: PodmanService,
        _ sink: any EndpointSink,
        _ registry: String = "127.0.0.1:1",
        _ certificates: String? = nil
    ) throws -> PodmanCluster {
        PodmanCluster(
            settings: try PodmanSettings(
                socket: service.socket,
                instance: service.instance,
                credentials: RegistryCredentials(host: registry, username: "forge", password: "hunter2"),
                certificates: certificates
            ),
            endpoints: sink,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// Runs a test beside a cluster's loop, and ends the loop after it.
    static func beside(
        _ cluster: PodmanCluster,
        _ body: (any Cluster) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await cluster.run() }
            defer { group.cancelAll() }
            try await body(cluster)
        }
    }
}

/// Names that tests use.
enum AppNames {
    static let shop = name("shop")
    static let blog = name("blog")

    private static func name(_ text: String) -> AppName {
        guard let name = try? AppName(text) else { preconditionFailure("'\(text)' is no app name") }
        return name
    }
}
