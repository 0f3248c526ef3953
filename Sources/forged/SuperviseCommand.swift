// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ForgeSupervisor
import FoundationEssentials
import Glibc
import ServiceLifecycle
import UnixSignals

/// Runs one platform in the foreground until it is told to stop (specs/supervisor.md).
struct SuperviseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "supervise",
        abstract: "Run a platform on this machine: Redis, registry, podman, nginx and the daemon, in one state folder.",
        discussion: "Stays in the foreground; forge up runs it in the background. SIGTERM stops everything in order."
    )

    @OptionGroup var state: StateOption
    @Option(help: ArgumentHelp("The API's port on loopback (default: 7777).", valueName: "port"))
    var apiPort: Int?
    @Option(help: ArgumentHelp("The router's port on loopback (default: 8080).", valueName: "port"))
    var httpPort: Int?
    @Option(help: ArgumentHelp("The registry's port on loopback (default: a free one).", valueName: "port"))
    var registryPort: Int?
    @Option(
        help: ArgumentHelp("The domain below which apps get their hosts (default: localhost).", valueName: "domain")
    )
    var baseDomain: String?
    @Option(help: ArgumentHelp("The certificates that builds trust (default: this machine's).", valueName: "file"))
    var caBundle: String?

    func run() async throws {
        try await StateOption.reporting {
            let environment = ProcessInfo.processInfo.environment
            let logger = StateOption.logger("forged")
            let flags = Settings.Flags(
                apiPort: apiPort,
                httpPort: httpPort,
                registryPort: registryPort,
                baseDomain: baseDomain,
                caBundle: caBundle
            )
            let folder = try state.folder()
            let supervisor = try await Supervisor(
                folder: folder,
                flags: flags,
                environment: environment,
                logger: logger
            )
            // What podman starts drops a file named `oom` where it stands; that must not be the user's folder.
            guard chdir(folder.temporary) == 0 else {
                throw SupervisorError(.failed, "the folder \(folder.temporary) cannot be entered")
            }
            let edges = try PlatformEdges(supervisor: supervisor, environment: environment)
            let group = ServiceGroup(
                configuration: .init(
                    services: [.init(service: IsolationCleanup(instance: folder.instance, logger: logger))]
                        + (try supervisor.services(edges: [edges.nginx, edges.serve])),
                    gracefulShutdownSignals: [.sigterm, .sigint],
                    logger: logger
                )
            )
            try await group.run()
        }
    }
}
