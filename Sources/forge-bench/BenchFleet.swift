// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgePlanner

/// Apps that differ in nothing but their names: a web process in two instances, so that each is six objects of a cluster.
struct BenchFleet {
    /// The apps' manifests.
    let manifests: [AppManifest]
    /// What plans are made with.
    let platform: Platform

    init(size: Int) throws {
        let digest = try Digest("sha256:" + String(repeating: "b", count: 64))
        func image(_ name: String) -> ImageReference {
            ImageReference(registry: "registry.test:5000", repository: "platform/\(name)", digest: digest)
        }
        platform = Platform(
            registry: "registry.test:5000",
            builder: image("builder"),
            runImage: image("run"),
            toolsImage: image("tools"),
            buildUser: "1001:1000",
            target: "linux/amd64",
            baseDomain: try Host("apps.test"),
            routerPort: 80
        )
        var web = ProcessSettings.defaults(for: .web)
        web.instances = 2
        manifests = try (0..<size).map { index in
            AppManifest(
                name: try AppName("bench-\(index)"),
                env: ["LEVEL": "info", "REGION": "eu", "WORKERS": "4"],
                processes: [.web: web]
            )
        }
    }

    /// The web process of an app.
    func workload(_ manifest: AppManifest) throws -> Workload {
        let web = ProcessSettings.defaults(for: .web)
        return Workload(
            app: manifest.name,
            process: .web,
            image: .known(
                ImageReference(
                    registry: platform.registry,
                    repository: platform.repository(of: manifest.name),
                    digest: platform.builder.digest
                )
            ),
            command: .image,
            env: manifest.env.merging(["PORT": "8080"]) { $1 },
            instances: 2,
            resources: web.resources,
            port: web.port,
            healthcheck: web.healthcheck
        )
    }

    /// The route of an app.
    func route(_ manifest: AppManifest) throws -> Route {
        Route(host: try platform.host(of: manifest.name), app: manifest.name, process: .web)
    }

    /// What a planner is given of an app that was deployed as it is described.
    func input(_ manifest: AppManifest, _ cluster: ClusterObservation, _ routes: [Route]) throws -> PlanInput {
        let generation = Generation(number: 1)
        let release = Release(
            number: ReleaseNumber(number: 1),
            generation: generation,
            manifest: manifest,
            source: platform.builder.digest,
            buildKey: try BuildKey(source: platform.builder.digest, settings: manifest.build, platform: platform),
            image: platform.builder.digest,
            imageProcesses: [.web],
            createdBy: "bench",
            createdAt: Timestamp(number: 0)
        )
        return PlanInput(
            app: manifest.name,
            generation: generation,
            wish: .run(manifest, source: release.source),
            record: AppRecord(live: release, settled: generation, lastNumber: release.number),
            platform: .known(platform),
            observation: Observation(
                cluster: .known(cluster),
                images: .known(ImageFacts()),
                routes: .known(routes)
            )
        )
    }
}
