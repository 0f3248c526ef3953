// SPDX-License-Identifier: Apache-2.0

/// All phases in one process (platform specification, creator).
///
/// Code of the app then runs below a process that holds the registry's credentials; platforms that care run the phases
/// apart.
struct CreatorPhase {
    private let settings: PhaseSettings
    private let log: PhaseLog

    init(_ settings: PhaseSettings, log: PhaseLog) {
        self.settings = settings
        self.log = log
    }

    /// Analyzes, detects, restores, builds and exports.
    func run() async throws {
        if settings.environment["CNB_REGISTRY_AUTH"]?.isEmpty == false {
            log.warn("code of the app can reach the registry's credentials; run the phases apart to keep them from it")
        }
        log.info("===> ANALYZING")
        try await AnalyzerPhase(settings, log: log).run()
        log.info("===> DETECTING")
        try await DetectorPhase(settings, log: log).run()
        if !settings.isSet(.skipRestore) {
            log.info("===> RESTORING")
            try await RestorerPhase(settings, log: log).run()
        }
        log.info("===> BUILDING")
        var builder = try BuilderPhase(settings, log: log)
        try await builder.run()
        log.info("===> EXPORTING")
        try await ExporterPhase(settings, log: log).run()
    }
}
