// SPDX-License-Identifier: Apache-2.0

import ForgeOCI
import FoundationEssentials

/// Runs the buildpacks of the group one after the other (buildpack specification, Phase 3: Build).
struct BuilderPhase {
    private let settings: PhaseSettings
    private let log: PhaseLog
    private let store: BuildpackStore
    private let target: BuildTarget
    private var environment: BuildEnvironment
    private var processes = ProcessTable()
    private var labels: [LaunchFile.Label] = []
    private var slices: [LaunchFile.Slice] = []

    init(_ settings: PhaseSettings, log: PhaseLog) throws {
        self.settings = settings
        self.log = log
        store = BuildpackStore(directory: settings.buildpacks)
        target = try AnalyzedFile.read(settings.analyzed)?.runImage?.target ?? BuildTarget()
        environment = try BuildEnvironment(settings)
    }

    /// Leaves the layers and `config/metadata.toml`. Throws ``PhaseError`` with 51 when a buildpack failed.
    mutating func run() async throws {
        let group = try BuildpackGroup.read(settings.group)
        var plan = try TOMLText.read(BuildPlan.self, settings.plan) ?? BuildPlan(entries: [])
        try TextFile.remove(settings.layers + "/sbom")
        for entry in group.group {
            let buildpack = try store.find(id: entry.id, version: entry.version)
            let directory = "\(settings.layers)/\(entry.directoryName)"
            try TextFile.makeDirectory(directory)
            let required = plan.requires(providedBy: entry)
            try await build(entry, buildpack, directory, required)
            let unmet = try unmetNames(directory, entry, required)
            plan = plan.without(metBy: entry, unmet: unmet)
            try collect(entry, directory)
        }
        try BuildMetadataFile(
            buildpacks: group.group,
            processes: processes.sorted,
            defaultType: processes.defaultType,
            labels: labels,
            slices: slices
        ).write(in: settings.layers)
    }

    private func build(
        _ entry: GroupEntry,
        _ buildpack: BuildpackDescriptor,
        _ directory: String,
        _ required: [BuildPlan.Require]
    ) async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "forge-plan-\(UUID().uuidString)").path
        try TextFile.write(file, required.isEmpty ? "" : TOMLText.write(["entries": .array(required.map(\.toml))]))
        defer { try? TextFile.remove(file) }
        var own = [
            "CNB_PLATFORM_DIR": settings.platform, "CNB_BP_PLAN_PATH": file, "CNB_LAYERS_DIR": directory,
        ]
        own.merge(target.variables) { first, _ in first }
        log.debug("Running \(entry.key)")
        let code: Int32
        do {
            code = try await BuildpackProcess.pass(
                buildpack.directory + "/bin/build",
                [directory, settings.platform, file],
                environment: environment.variables(for: buildpack, own: own),
                directory: settings.app
            )
        } catch {
            throw PhaseError(PhaseError.Code.build, "\(entry.key): bin/build cannot be run: \(error)")
        }
        guard code == 0 else {
            throw PhaseError(PhaseError.Code.buildpackFailed, "\(entry.key) failed: bin/build exited with \(code)")
        }
    }

    private func unmetNames(
        _ directory: String,
        _ entry: GroupEntry,
        _ required: [BuildPlan.Require]
    ) throws -> [String] {
        let names = (try TOMLText.read(BuildFile.self, directory + "/build.toml")?.unmet ?? []).map(\.name)
        let known = Set(required.map(\.name))
        for name in names where !known.contains(name) {
            throw PhaseError(PhaseError.Code.build, "\(entry.key): unmet '\(name)' is not in its plan")
        }
        return names
    }

    /// Takes in what a buildpack left: its layers for the next ones, its processes for the image.
    private mutating func collect(_ entry: GroupEntry, _ directory: String) throws {
        for (name, layer) in try LayerFile.layers(in: directory) {
            let place = "\(directory)/\(name)"
            if !layer.build && !layer.launch && !layer.cache {
                // Out of the way of later phases; the buildpack did not say that the layer is still wanted.
                try TextFile.remove(place + ".ignore")
                if try TextFile.exists(place) {
                    try FileManager.default.moveItem(atPath: place, toPath: place + ".ignore")
                }
            } else if layer.build, try TextFile.isDirectory(place) {
                try environment.add(layer: place)
            }
        }
        try BillOfMaterials.collect(entry, from: directory, into: settings.layers + "/sbom")
        guard let launch = try TOMLText.read(LaunchFile.self, directory + "/launch.toml") else { return }
        for warning in try processes.add(launch, by: entry) { log.warn(warning) }
        for label in launch.labels ?? [] {
            labels.removeAll { $0.key == label.key }
            labels.append(label)
        }
        slices += launch.slices ?? []
    }
}
