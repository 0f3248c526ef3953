// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgePlan
import ForgePlanner
import FoundationEssentials

/// The task that builds an app's image (specs/buildpacks.md §1): the phases of a Cloud Native Buildpacks lifecycle, each in
/// a container of its own.
///
/// Only phases that run no code of the app get the registry's credentials and a way to it. `detect` and `build` run
/// what the source tree and its dependencies bring, and get neither.
enum BuildTask {
    /// The Platform API that the phases are called with (platform.md of the buildpacks specification, §Platform API).
    private static let platformAPI = "0.14"

    /// Describes the build of one key for one generation.
    ///
    /// - Parameter source: the manifest digest of the stored source artifact.
    static func make(
        _ work: BuildWork,
        app: AppName,
        generation: Generation,
        source: Digest,
        previous: Digest?,
        platform: Platform
    ) throws -> ClusterTask {
        let phases = Phases(app: app, platform: platform, path: work.settings.path)
        let artifact = ImageReference(
            registry: platform.pushRegistry,
            repository: platform.sourceRepository(of: app),
            digest: source
        )
        let cache = phases.cacheFlag
        let target = "\(platform.pushRegistry)/\(platform.stagingRepository(of: app)):\(work.key.tag)"
        var analyze = [
            "-run-image=\(platform.pushRegistry)/\(platform.runImage.repository)@\(platform.runImage.digest)"
        ]
        if let previous {
            analyze.append("-previous-image=\(platform.pushRegistry)/\(platform.repository(of: app))@\(previous)")
        }
        // With a cache image the analyzer looks whether it can be written.
        if platform.buildCache == .image { analyze.append(cache) }
        return ClusterTask(
            name: "build-\(generation)-\(work.key.short)",
            app: app,
            kind: .build,
            generation: generation,
            phases: [
                try phases.prepare(artifact, env: work.settings.env),
                phases.phase("analyze", program: "analyzer", arguments: analyze + [target], isTrusted: true),
                phases.phase("detect", program: "detector", arguments: ["-app=/workspace", "-platform=/platform"]),
                phases.phase("restore", program: "restorer", arguments: [cache], isTrusted: true),
                phases.phase("build", program: "builder", arguments: ["-app=/workspace", "-platform=/platform"]),
                phases.phase(
                    "export",
                    program: "exporter",
                    arguments: ["-app=/workspace", cache, "-report=/layers/report.toml", target],
                    isTrusted: true
                ),
            ],
            timeout: Planner.buildTimeout,
            cacheVolume: platform.buildCache == .volume ? "cache-\(app)" : nil
        )
    }

    /// Makes phases that share the volumes of one build.
    private struct Phases {
        let app: AppName
        let platform: Platform
        let path: String

        /// What dependencies need to be compiled, beyond what apps get to run.
        private var resources: Resources { Resources(cpu: CPU(millicores: 2000), memory: Memory(bytes: 2 << 30)) }

        private var shared: [TaskPhase.Mount] {
            [
                TaskPhase.Mount(.scratch("workspace"), at: "/workspace"),
                TaskPhase.Mount(.scratch("layers"), at: "/layers"),
                TaskPhase.Mount(.scratch("platform"), at: "/platform"),
            ]
        }

        func prepare(_ source: ImageReference, env: [String: String]) throws -> TaskPhase {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let json = String(decoding: try encoder.encode(env), as: UTF8.self)
            return TaskPhase(
                name: "prepare",
                image: platform.toolsImage,
                command: [
                    "/usr/bin/forge-lifecycle", "prepare", "-source", source.description, "-app", "/workspace",
                    "-platform", "/platform", "-path", path,
                ],
                env: registryEnvironment.merging(["FORGE_BUILD_ENV": json]) { $1 },
                network: .registry,
                mounts: shared,
                user: platform.buildUser,
                needsRegistryCredentials: true,
                resources: resources
            )
        }

        func phase(_ name: String, program: String, arguments: [String], isTrusted: Bool = false) -> TaskPhase {
            var mounts = shared
            if !isTrusted {
                mounts.append(TaskPhase.Mount(.certificates, at: certificates))
            } else if platform.buildCache == .volume {
                mounts.append(TaskPhase.Mount(.cache, at: cacheFolder))
            }
            return TaskPhase(
                name: name,
                image: platform.builder,
                command: ["/cnb/lifecycle/\(program)", "-layers=/layers"] + arguments,
                env: (isTrusted ? registryEnvironment : [:]).merging(
                    ["CNB_PLATFORM_API": BuildTask.platformAPI]
                ) { $1 },
                network: isTrusted ? .registry : .egress,
                mounts: mounts,
                user: platform.buildUser,
                needsRegistryCredentials: isTrusted,
                resources: resources
            )
        }

        /// What phases that reach the registry are told of it (platform.md, §Insecure Registries).
        private var registryEnvironment: [String: String] {
            platform.pushesInsecurely ? ["CNB_INSECURE_REGISTRIES": platform.pushRegistry] : [:]
        }

        private var cacheFolder: String { "/cache" }

        /// Names the cache as the platform specification does.
        var cacheFlag: String {
            switch platform.buildCache {
            case .volume: "-cache-dir=\(cacheFolder)"
            case .image: "-cache-image=\(platform.pushRegistry)/\(platform.cacheRepository(of: app)):latest"
            }
        }

        /// Where the trusted certificates of the platform are seen in phases that call outside.
        private var certificates: String { "/etc/forge/certificates.pem" }
    }
}
