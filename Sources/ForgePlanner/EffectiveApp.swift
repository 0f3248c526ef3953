// SPDX-License-Identifier: Apache-2.0

import ForgeModel

/// What should run, with what the image knows filled in: the units of one target.
struct EffectiveApp {
    let manifest: AppManifest
    let image: Output<ImageReference>
    /// The process types that are known, in the order in which they are deployed: sorted, web last.
    private(set) var workloads: [Workload] = []
    /// Whether the image may bring process types that nobody named.
    let awaitsProcesses: Bool
    /// What the manifest asks of the image that it does not have.
    private(set) var refusals: [String] = []
    /// The route of the web process, if it has one.
    let route: Route?
    /// The release command, if there is one: the image's own where the manifest names none.
    let release: ProcessCommand?

    init(_ manifest: AppManifest, image: Output<ImageReference>, known: [ProcessType]?, platform: Platform) {
        self.manifest = manifest
        self.image = image
        awaitsProcesses = known == nil && manifest.processes[.web] == nil
        let settings = manifest.processes(with: known ?? [])
        release = manifest.release ?? (known?.contains(.release) == true ? .image : nil)
        let hasWeb = (settings[.web]?.instances ?? 0) > 0
        route =
            hasWeb
            ? (try? platform.host(of: manifest.name)).map { Route(host: $0, app: manifest.name, process: .web) } : nil
        for (type, wanted) in settings where wanted.instances > 0 {
            if wanted.command == .image, let known, !known.contains(type) {
                refusals.append(Self.missing(type, known: known))
            }
            workloads.append(Self.workload(type, wanted, manifest: manifest, image: image))
        }
        workloads.sort { ($0.process == .web ? 1 : 0, $0.process) < ($1.process == .web ? 1 : 0, $1.process) }
        refusals.sort()
    }

    private static func workload(
        _ type: ProcessType,
        _ wanted: ProcessSettings,
        manifest: AppManifest,
        image: Output<ImageReference>
    ) -> Workload {
        var env = manifest.env
        if let port = wanted.port { env["PORT"] = String(port) }
        return Workload(
            app: manifest.name,
            process: type,
            image: image,
            command: wanted.command,
            env: env,
            instances: wanted.instances,
            resources: wanted.resources,
            port: wanted.port,
            healthcheck: wanted.healthcheck
        )
    }

    private static func missing(_ type: ProcessType, known: [ProcessType]) -> String {
        let has = known.isEmpty ? "none" : known.map(\.text).sorted().joined(separator: ", ")
        return
            "process '\(type)' has no command: the image knows \(has); add it to the Procfile, or processes.\(type).command"
    }
}
