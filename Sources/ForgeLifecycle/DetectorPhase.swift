// SPDX-License-Identifier: Apache-2.0

import ForgeOCI
import FoundationEssentials

/// Finds the first group of buildpacks that all want to build the app (buildpack specification, Phase 1).
struct DetectorPhase {
    private struct Order: Decodable {
        var order: [OrderGroup]?
        var orderExtensions: [OrderGroup]?

        private enum CodingKeys: String, CodingKey {
            case order
            case orderExtensions = "order-extensions"
        }
    }

    private struct System: Decodable {
        struct Part: Decodable { var buildpacks: [OrderGroup.Entry]? }
        struct Tables: Decodable {
            var pre: Part?
            var post: Part?
        }

        var system: Tables?
    }

    private let settings: PhaseSettings
    private let log: PhaseLog
    private let store: BuildpackStore
    private let target: BuildTarget
    private let environment: BuildEnvironment

    init(_ settings: PhaseSettings, log: PhaseLog) throws {
        self.settings = settings
        self.log = log
        store = BuildpackStore(directory: settings.buildpacks)
        target = try AnalyzedFile.read(settings.analyzed)?.runImage?.target ?? BuildTarget()
        environment = try BuildEnvironment(settings)
    }

    /// Writes group.toml and plan.toml. Throws ``PhaseError`` with 20, 21 or 22.
    func run() async throws {
        let groups = try OrderExpansion.groups(of: readOrder()) { try store.find(id: $0.id, version: $0.version) }
        var results: [String: Detection] = [:]
        var reason = ""
        for group in groups {
            try await detect(group, into: &results)
            guard let candidates = Detection.candidates(group, results) else { continue }
            var resolver = PlanResolver()
            guard let resolution = resolver.resolve(candidates) else {
                reason = resolver.reason
                log.debug("resolve: \(reason)")
                continue
            }
            let missing = group.count - resolution.group.count
            log.info("\(resolution.group.count) of \(group.count) buildpacks participating")
            if missing > 0 { log.debug("\(missing) optional buildpacks take no part") }
            for entry in resolution.group { log.info("\(entry.id) \(entry.version)") }
            try BuildpackGroup(group: resolution.group).write(settings.group)
            try resolution.plan.write(settings.plan)
            return
        }
        try explain(groups, results, reason)
    }

    private func readOrder() throws -> [OrderGroup] {
        guard let file = try TOMLText.read(Order.self, settings.order), let order = file.order, !order.isEmpty else {
            throw PhaseError(PhaseError.Code.detect, "'\(settings.order)' is missing or has no order")
        }
        guard file.orderExtensions?.isEmpty != false else {
            throw PhaseError(
                PhaseError.Code.detect,
                "'\(settings.order)' has image extensions, which are not supported"
            )
        }
        // Since platform API 0.15 a builder may put buildpacks around every group (platform specification, system.toml).
        guard settings.platformAPI == "0.15", let system = try TOMLText.read(System.self, settings.system)?.system
        else {
            return order
        }
        return order.map { group in
            let names = Set(group.group.map(\.id))
            let before = (system.pre?.buildpacks ?? []).filter { !names.contains($0.id) }
            let after = (system.post?.buildpacks ?? []).filter { !names.contains($0.id) }
            return OrderGroup(group: before + group.group + after)
        }
    }

    /// Runs those of a group that did not run for an earlier one, all at once.
    private func detect(_ group: [GroupEntry], into results: inout [String: Detection]) async throws {
        let known = results
        try await withThrowingTaskGroup(of: (String, Detection).self) { tasks in
            for entry in group where known[entry.key] == nil {
                tasks.addTask { (entry.key, try await detect(entry)) }
            }
            for try await (key, result) in tasks { results[key] = result }
        }
        for entry in group where known[entry.key] == nil {
            guard let result = results[entry.key] else { continue }
            log.debug("\(entry.key): \(result.verdict)")
            for line in result.output.split(separator: "\n") { log.debug("  \(line)") }
        }
    }

    private func detect(_ entry: GroupEntry) async throws -> Detection {
        let buildpack = try store.find(id: entry.id, version: entry.version)
        guard buildpack.isEligible(in: settings.execEnvironment) else {
            return Detection(verdict: .notEligible, output: "is not for the execution environment")
        }
        guard buildpack.matches(target) else {
            let name = [target.os, target.arch, target.distribution, target.distributionVersion].compactMap(\.self)
            return Detection(verdict: .error, output: "does not support \(name.joined(separator: " "))")
        }
        let file = FileManager.default.temporaryDirectory.appending(path: "forge-plan-\(UUID().uuidString)").path
        try TextFile.write(file, "")
        defer { try? TextFile.remove(file) }
        var own = ["CNB_PLATFORM_DIR": settings.platform, "CNB_BUILD_PLAN_PATH": file]
        own.merge(target.variables) { first, _ in first }
        let outcome: BuildpackProcess.Outcome
        do {
            outcome = try await BuildpackProcess.capture(
                buildpack.directory + "/bin/detect",
                [settings.platform, file],
                environment: environment.variables(for: buildpack, own: own),
                directory: settings.app
            )
        } catch {
            return Detection(verdict: .error, output: "bin/detect cannot be run: \(error)")
        }
        switch outcome.code {
        case 0:
            do {
                let plan = try TOMLText.read(DetectedPlan.self, file) ?? .empty
                return Detection(verdict: .pass, output: outcome.output, plan: plan)
            } catch {
                return Detection(verdict: .error, output: outcome.output + "\nits build plan is unusable: \(error)")
            }
        case 100: return Detection(verdict: .fail, output: outcome.output)
        default: return Detection(verdict: .error, output: outcome.output + "\nbin/detect exited with \(outcome.code)")
        }
    }

    /// Tells for every buildpack what it looked for, and what is there.
    private func explain(_ groups: [[GroupEntry]], _ results: [String: Detection], _ reason: String) throws {
        log.error("no group of buildpacks can build this app")
        var told: Set<String> = []
        for entry in groups.joined() where told.insert(entry.key).inserted {
            guard let result = results[entry.key] else { continue }
            let verdict =
                switch result.verdict {
                case .pass: "applies"
                case .fail: "does not apply"
                case .error: "failed"
                case .notEligible: "takes no part"
                }
            log.result("  \(entry.key) \(verdict)")
            for line in result.output.split(separator: "\n").suffix(20) { log.result("    \(line)") }
        }
        if !reason.isEmpty { log.result("  \(reason)") }
        let names = try TextFile.names(in: settings.app)
        let shown = names.prefix(20).joined(separator: ", ") + (names.count > 20 ? ", …" : "")
        log.result("  the app folder has: \(names.isEmpty ? "nothing" : shown)")
        let failed = results.values.contains { $0.verdict == .error }
        throw PhaseError(
            failed ? PhaseError.Code.noGroupAfterErrors : PhaseError.Code.noGroup,
            failed ? "no group was detected, and a buildpack failed" : "no group was detected"
        )
    }
}
