// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgeOCI
import ForgeRegistry
import Testing

@testable import ForgeLifecycle

/// Builds against a real registry.
@Suite struct ExporterTests {
    @Test(arguments: [["-layer-compression", "gzip"], []])
    func imageIsRightAndComesOutTheSame(compression: [String]) async throws {
        let registry = try await RegistryFixture()
        let run = try await registry.pushRunImage()
        let access = try RegistryAccess(
            PhaseSettings([], environment: ["CNB_PLATFORM_API": "0.14", "CNB_REGISTRY_AUTH": registry.auth])
        )
        let bench = try Workbench()
        try bench.installDependencies()
        try await bench.build(registry, compression)
        let first = try bench.result()
        #expect(try bench.read("layers/note") == "made\n")
        #expect(first["buildpacks"]?.array == [.string("x/deps@1")])
        #expect(first["layers"]?.integer == 6)
        #expect(try bench.read("layers/report.toml").contains("digest = \"\(first["digest"]?.string ?? "")\"\n"))

        let image = try #require(try await RemoteImage.fetch(ImageName("\(registry.host)/apps/shop:v1"), access))
        let config = image.config
        #expect(config.entrypoint == ["/cnb/process/web"])
        #expect(config.command == nil)
        #expect(config.user == "1002:1002")
        #expect(config.workingDirectory == bench.root + "/workspace")
        #expect(config.variable("PATH") == "/cnb/process:/cnb/lifecycle:/usr/bin:/bin")
        #expect(config.variable("CNB_PLATFORM_API") == "0.14")
        #expect(config.created == "1980-01-01T00:00:01Z")
        #expect(config.labels["io.buildpacks.rebasable"] == "true")
        #expect(config.labels["io.buildpacks.project.metadata"] == "{}")
        #expect(config.labels["io.buildpacks.build.metadata"]?.contains(#""type":"web""#) == true)
        #expect(
            config.history.map(\.createdBy) == [
                "base", "Layer: 'deps', Created by buildpack: x/deps@1", "Application Layer",
                "Buildpacks Application Launcher", "Buildpacks Launcher Config", "Buildpacks Process Types",
            ]
        )
        let metadata = try #require(image.metadata)
        #expect(metadata.layer("deps", of: "x/deps")?.digest == config.diffIDs[1])
        #expect(metadata.layer("deps", of: "x/deps")?.data?["key"]?.string == "one")
        #expect(metadata.layer("keep", of: "x/deps") == nil)
        #expect(metadata.runImage?.topLayer == config.diffIDs[0].text)
        #expect(metadata.runImage?.image == run)
        // A registry on this machine gets layers as they are, unless told otherwise.
        let mediaType = compression.isEmpty ? MediaType.layer : MediaType.layerGzip
        #expect(image.manifest.layers.dropFirst().allSatisfy { $0.mediaType == mediaType })

        // The same again, in fresh layers: the cached layer comes back, and not one byte is uploaded.
        try bench.clear()
        try await bench.build(registry, compression)
        #expect(try bench.read("layers/note") == "kept\n")
        #expect(try bench.read("layers/x_deps/keep/log") == "cached\ncached\n")
        #expect(try FileStatus(of: bench.root + "/layers/x_deps/deps/deep/same").links == 2)
        let second = try bench.result()
        #expect(second["digest"] == first["digest"])
        #expect(second["newLayers"]?.integer == 0)

        // The same without a previous image or a cache.
        let other = try bench.settings().cacheDirectory ?? ""
        try TextFile.remove(other)
        try bench.clear()
        try await bench.build(registry, compression + ["-previous-image", "\(registry.host)/apps/none:x"])
        #expect(try bench.result()["digest"] == first["digest"])

        // One app file is one layer.
        try bench.write("workspace/app.txt", "changed")
        try bench.clear()
        try await bench.build(registry, compression)
        let changed = try bench.result()
        #expect(changed["digest"] != first["digest"])
        #expect(changed["newLayers"]?.integer == 1)
    }

    @Test func layerBytesAreWhatTarReads() async throws {
        let registry = try await RegistryFixture()
        _ = try await registry.pushRunImage()
        let bench = try Workbench()
        try bench.installDependencies()
        try await bench.build(registry, ["-layer-compression", "none"])
        let access = try RegistryAccess(
            PhaseSettings([], environment: ["CNB_PLATFORM_API": "0.14", "CNB_REGISTRY_AUTH": registry.auth])
        )
        let image = try #require(try await RemoteImage.fetch(ImageName("\(registry.host)/apps/shop:v1"), access))
        let blob = try await registry.client.blobBytes("apps/shop", image.manifest.layers[1].digest)
        try bench.write("layer.tar", String(decoding: blob, as: UTF8.self))
        let listed = try RegistryFixture.output(
            of: "/usr/bin/tar",
            ["-tvf", bench.root + "/layer.tar", "--numeric-owner", "--utc", "--full-time", "-P"]
        )
        let layers = bench.root + "/layers"
        let lines = listed.split(separator: "\n").filter { $0.contains(layers + "/x_deps") }.map { line in
            let parts = line.split(separator: " ", omittingEmptySubsequences: true)
            return "\(parts[0]) \(parts[1]) \(parts[3]) \(parts[5...].joined(separator: " "))"
        }
        let place = layers + "/x_deps/deps"
        #expect(
            lines == [
                "drwxr-xr-x 0/0 1980-01-01 \(layers)/x_deps",
                "drwxr-xr-x 1001/1001 1980-01-01 \(place)",
                "drwxr-xr-x 1001/1001 1980-01-01 \(place)/bin",
                "-rwxr-xr-x 1001/1001 1980-01-01 \(place)/bin/tool",
                "drwxr-xr-x 1001/1001 1980-01-01 \(place)/deep",
                "hrwxr-xr-x 1001/1001 1980-01-01 \(place)/deep/same link to \(place)/bin/tool",
                "lrwxrwxrwx 1001/1001 1980-01-01 \(place)/env -> /usr/bin/env",
            ]
        )
    }

    @Test func damagedCacheIsOnlySlower() async throws {
        let registry = try await RegistryFixture()
        _ = try await registry.pushRunImage()
        let bench = try Workbench()
        try bench.installDependencies()
        try await bench.build(registry)
        for name in try Directory.names(in: bench.root + "/cache/committed") where name.hasSuffix(".tar") {
            try bench.write("cache/committed/\(name)", "damaged")
        }
        try bench.clear()
        try await bench.build(registry)
        #expect(try bench.read("layers/note") == "made\n")
        #expect(bench.output.contains { $0.hasPrefix("Warning: x/deps:deps is not restored") })
        // It was written anew, although its digest is the same.
        try bench.clear()
        try await bench.build(registry)
        #expect(try bench.read("layers/note") == "kept\n")
    }

    @Test func whatIsMissingIsSaidEarly() async throws {
        let registry = try await RegistryFixture()
        let bench = try Workbench()
        try bench.installDependencies()
        let error = await #expect(throws: PhaseError.self) { try await bench.build(registry) }
        #expect(error?.exitCode == 32)
        #expect(error?.description.contains("failed to find accessible run image") == true)
        _ = try await registry.pushRunImage()
        let process = await #expect(throws: PhaseError.self) {
            try await bench.build(registry, ["-process-type", "no"])
        }
        #expect(process?.description == "there is no process type 'no'; the image has web")
    }

    @Test func whatCannotBeWrittenIsSaidBeforeTheBuild() async throws {
        let registry = try await RegistryFixture()
        let run = try await registry.pushRunImage()
        // This one has credentials too, but the build is not given them.
        let other = try await RegistryFixture()
        let bench = try Workbench()
        func analyze(_ image: String) async throws {
            let settings = try bench.settings(
                ["-run-image", run, "-previous-image", "\(registry.host)/apps/none:x", image],
                environment: ["CNB_REGISTRY_AUTH": registry.auth]
            )
            try await AnalyzerPhase(settings, log: bench.log).run()
        }
        try await analyze("\(registry.host)/apps/shop:v1")
        let error = await #expect(throws: PhaseError.self) { try await analyze("\(other.host)/apps/shop:v1") }
        #expect(error?.exitCode == 32)
        #expect(error?.description.hasPrefix("the image cannot be written: \(other.host)/apps/shop: ") == true)
    }

    @Test func everyNameGetsTheImage() async throws {
        let registry = try await RegistryFixture()
        _ = try await registry.pushRunImage()
        let bench = try Workbench()
        try bench.installDependencies()
        try await bench.build(
            registry,
            ["-tag", "\(registry.host)/apps/shop:v2", "-tag", "\(registry.host)/other/place:x"],
            environment: ["SOURCE_DATE_EPOCH": "1709210096"]
        )
        let digests = [
            try await registry.client.headManifest("apps/shop", "v1"),
            try await registry.client.headManifest("apps/shop", "v2"),
            try await registry.client.headManifest("other/place", "x"),
        ]
        #expect(digests.allSatisfy { $0?.text == (try? bench.result())?["digest"]?.string })
        let access = try RegistryAccess(
            PhaseSettings([], environment: ["CNB_PLATFORM_API": "0.14", "CNB_REGISTRY_AUTH": registry.auth])
        )
        let image = try await RemoteImage.fetch(ImageName("\(registry.host)/other/place:x"), access)
        #expect(image?.config.created == "2024-02-29T12:34:56Z")
    }
}
