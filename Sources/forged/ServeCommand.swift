// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ForgeSupervisor
import ServiceLifecycle
import UnixSignals

/// Serves the API and reconciles, on the parts that the supervisor runs.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the API and reconcile apps; the supervisor runs this."
    )

    /// After that long, what has not ended by itself is cancelled; the supervisor waits a little longer.
    private static let patience = Duration.seconds(15)

    @OptionGroup var state: StateOption

    func run() async throws {
        try await StateOption.reporting {
            let folder = try state.folder()
            let logger = StateOption.logger("forged")
            let composition = try await Composition(folder: folder, settings: Settings.load(folder), logger: logger)
            var configuration = ServiceGroupConfiguration(
                services: composition.services.map { .init(service: $0) },
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
            configuration.maximumGracefulShutdownDuration = Self.patience
            try await ServiceGroup(configuration: configuration).run()
        }
    }
}
