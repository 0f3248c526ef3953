// SPDX-License-Identifier: Apache-2.0

import ForgeLaunch

/// The phases of a build, each a command of one program (platform specification, Operations).
package enum Lifecycle {
    /// The version that images say they were made with.
    package static let version = "0.1.0"

    private enum Phase: String, CaseIterable {
        case prepare, analyzer, detector, restorer, builder, exporter, creator

        /// What an error that has no code of its own exits with.
        var exitCode: Int32 {
            switch self {
            case .prepare, .creator: PhaseError.Code.generic
            case .analyzer: PhaseError.Code.analyze
            case .detector: PhaseError.Code.detect
            case .restorer: PhaseError.Code.restore
            case .builder: PhaseError.Code.build
            case .exporter: PhaseError.Code.export
            }
        }
    }

    /// Runs the phase that the program's name or its first argument names; gives the exit code.
    ///
    /// `environment` is the process's; of it, only what the buildpack specification lists reaches buildpacks.
    package static func run(_ arguments: [String], environment: [String: String]) async -> Int32 {
        let name = arguments.first?.split(separator: "/").last.map(String.init) ?? ""
        let rest = arguments.dropFirst()
        if let phase = Phase(rawValue: name) { return await run(phase, Array(rest), environment, PhaseLog()) }
        if let phase = rest.first.flatMap(Phase.init(rawValue:)) {
            return await run(phase, Array(rest.dropFirst()), environment, PhaseLog())
        }
        if ["-version", "--version"].contains(rest.first) {
            PhaseLog().result(version)
            return 0
        }
        PhaseLog().error("name a phase: \(Phase.allCases.map(\.rawValue).joined(separator: ", "))")
        return PhaseError.Code.arguments
    }

    private static func run(
        _ phase: Phase,
        _ words: [String],
        _ environment: [String: String],
        _ log: PhaseLog
    ) async -> Int32 {
        var log = log
        do {
            var environment = environment
            // `prepare` is not of the specification, so whoever calls it need not know an API.
            if phase == .prepare { environment["CNB_PLATFORM_API"] = SupportedAPI.platform.last }
            let settings = try PhaseSettings(words, environment: environment)
            if settings.isSet(.version) {
                log.result(version)
                return 0
            }
            log = PhaseLog(level: try PhaseLog.level(named: settings[.logLevel]))
            try await run(phase, settings, log)
            return 0
        } catch let error as PhaseError {
            log.error("\(error)")
            return error.exitCode
        } catch {
            log.error("\(error)")
            return phase.exitCode
        }
    }

    private static func run(_ phase: Phase, _ settings: PhaseSettings, _ log: PhaseLog) async throws {
        switch phase {
        case .prepare: try await PreparePhase(settings, log: log).run()
        case .analyzer:
            try Privileges.drop(settings)
            try await AnalyzerPhase(settings, log: log).run()
        case .detector:
            try Privileges.refuseRoot()
            try await DetectorPhase(settings, log: log).run()
        case .restorer:
            try Privileges.drop(settings)
            try await RestorerPhase(settings, log: log).run()
        case .builder:
            try Privileges.refuseRoot()
            var builder = try BuilderPhase(settings, log: log)
            try await builder.run()
        case .exporter:
            try Privileges.drop(settings)
            try await ExporterPhase(settings, log: log).run()
        case .creator:
            try Privileges.drop(settings)
            try Privileges.refuseRoot()
            try await CreatorPhase(settings, log: log).run()
        }
    }
}
