// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ForgePlatform
import ForgeSupervisor
import Logging
import ServiceLifecycle
import UnixSignals

/// Serves the API and reconciles: all in one on the parts that the supervisor runs, or one role or several on a cluster.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the API and reconcile apps; the supervisor runs this, or a cluster's pods.",
        discussion: """
            With --settings it works on a Kubernetes cluster: the one that it runs in, or the one that KUBECONFIG names. \
            Secrets are files below --secrets, or FORGE_REDIS_PASSWORD, FORGE_ADMIN_TOKEN and CNB_REGISTRY_AUTH.
            """
    )

    /// After that long, what has not ended by itself is cancelled; the supervisor waits a little longer.
    private static let patience = Duration.seconds(15)

    @OptionGroup var state: StateOption
    @Option(help: ArgumentHelp("What to do, with commas between (default: api,reconciler,router).", valueName: "roles"))
    var roles: String?
    @Option(help: ArgumentHelp("The settings of a platform on a cluster, a JSON file.", valueName: "file"))
    var settings: String?
    @Option(help: ArgumentHelp("The folder of the secrets of a platform on a cluster.", valueName: "folder"))
    var secrets: String?

    func validate() throws {
        if settings == nil, roles != nil || secrets != nil {
            throw ValidationError("--roles and --secrets are for a platform on a cluster; name its --settings too")
        }
        _ = try roles.map(Role.list)
    }

    func run() async throws {
        try await StateOption.reporting {
            let logger = StateOption.logger("forged")
            var configuration = ServiceGroupConfiguration(
                services: try await services(logger).map { .init(service: $0) },
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
            configuration.maximumGracefulShutdownDuration = Self.patience
            try await ServiceGroup(configuration: configuration).run()
        }
    }

    private func services(_ logger: Logger) async throws -> [any Service] {
        let folder = try state.folder()
        guard let settings else {
            return try await MachineComposition(folder: folder, settings: Settings.load(folder), logger: logger)
                .services
        }
        try folder.make()
        let composition = ClusterComposition(
            settings: try ClusterFiles.settings(settings),
            certificates: try ClusterFiles.certificates(beside: settings),
            secrets: try ClusterSecrets(folder: secrets, environment: StateOption.environment),
            folder: folder,
            logger: logger
        )
        return try await composition.services(try roles.map(Role.list) ?? Set(Role.allCases))
    }
}
