// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgePlan
import ForgePlanner
import ForgeTesting
import Testing

@testable import ForgeEngine

@Suite struct BuildTaskTests {
    private func task(_ cache: BuildCache) throws -> ClusterTask {
        let platform = Platform(
            registry: "127.0.0.1:5000",
            pushRegistry: "registry.forge-system:5000",
            builder: Sample.platform.builder,
            runImage: Sample.platform.runImage,
            toolsImage: Sample.platform.toolsImage,
            buildUser: "1001:1000",
            target: "linux/amd64",
            baseDomain: Sample.host("localhost"),
            routerPort: 8080,
            buildCache: cache
        )
        let settings = BuildSettings()
        let source = Sample.digest("1")
        return try BuildTask.make(
            BuildWork(
                key: BuildKey(source: source, settings: settings, platform: platform),
                source: source,
                settings: settings
            ),
            app: Sample.app,
            generation: Generation(number: 3),
            source: source,
            previous: nil,
            platform: platform
        )
    }

    /// The words of each phase that speak of a cache.
    private func cacheWords(_ task: ClusterTask) -> [String: [String]] {
        let words = task.phases.map { phase in (phase.name, phase.command.filter { $0.contains("cache") }) }
        return Dictionary(uniqueKeysWithValues: words).filter { !$0.value.isEmpty }
    }

    private func cacheMounts(_ task: ClusterTask) -> [String] {
        task.phases.filter { phase in phase.mounts.contains { $0.source == .cache } }.map(\.name)
    }

    @Test func `a cache on a volume is seen by the phases that run no code of the app`() throws {
        let task = try task(.volume)
        #expect(task.cacheVolume == "cache-shop")
        #expect(cacheWords(task) == ["restore": ["-cache-dir=/cache"], "export": ["-cache-dir=/cache"]])
        #expect(cacheMounts(task) == ["analyze", "restore", "export"])
    }

    @Test func `a cache image needs no volume and is named to the phases that reach the registry`() throws {
        let task = try task(.image)
        #expect(task.cacheVolume == nil)
        #expect(cacheMounts(task).isEmpty)
        let flag = ["-cache-image=registry.forge-system:5000/caches/shop:latest"]
        #expect(cacheWords(task) == ["analyze": flag, "restore": flag, "export": flag])
        for phase in task.phases where cacheWords(task)[phase.name] != nil {
            #expect(phase.network == .registry && phase.needsRegistryCredentials)
        }
    }
}
