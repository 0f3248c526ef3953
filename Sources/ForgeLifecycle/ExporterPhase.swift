// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgeOCI
import ForgeRegistry

/// Makes the app image in the registry: the run image's layers and those of the build (platform specification,
/// exporter; buildpack specification, Phase 4: Export).
struct ExporterPhase {
    let settings: PhaseSettings
    let log: PhaseLog
    let access: RegistryAccess
    let cacheImage: ImageName?
    private let names: [ImageName]
    private let compresses: Bool

    init(_ settings: PhaseSettings, log: PhaseLog) throws {
        self.settings = settings
        self.log = log
        access = try RegistryAccess(settings)
        names = try (settings.arguments + settings.list(.tag)).map { text throws(PhaseError) in try ImageName(text) }
        guard !names.isEmpty, Set(names.map(\.registry)).count == 1 else {
            throw PhaseError(PhaseError.Code.arguments, "the exporter takes image names, all in one registry")
        }
        compresses = try settings.compressesLayers(for: names[0].registry)
        cacheImage = try settings.cacheImage()
    }

    private struct Result {
        var digest: Digest
        var manifest: ImageManifest
        var manifestSize: Int
        var newLayers: Int
    }

    /// Publishes the image, writes report.toml and the cache, and prints the result for programs.
    func run() async throws {
        let group = try BuildpackGroup.read(settings.group).group
        let metadata = try BuildMetadataFile.read(in: settings.layers)
        guard let analyzed = try AnalyzedFile.read(settings.analyzed), let run = analyzed.runImage else {
            throw PhaseError(
                PhaseError.Code.export,
                "'\(settings.analyzed)' names no run image; run the analyzer first"
            )
        }
        guard let base = try await RemoteImage.fetch(ImageName(run.reference), access) else {
            throw PhaseError(PhaseError.Code.export, "the run image \(run.reference) is no longer in its registry")
        }
        let previous = try await previousImage(analyzed)
        let layers = try ExportLayers(
            settings,
            group: group,
            metadata: metadata,
            previous: previous?.metadata ?? ImageMetadata()
        )
        let publisher = LayerPublisher(
            client: access.client(for: names[0].registry),
            access: access,
            target: names[0],
            compresses: compresses,
            stored: [previous?.stored].compactMap(\.self)
        )
        let config = ExportedConfig(settings, metadata: metadata)
        var image = ImageAssembly(publisher: publisher, base: base, created: try config.created(), log: log)
        try await image.addBase(run)
        let cached = try await addLayers(layers, group, to: &image)
        let result = try await publish(&image, config, publisher)
        try report(result, group)
        await saveCache(cached, group, published: image.stored(as: names[0]))
    }

    private func previousImage(_ analyzed: AnalyzedFile) async throws -> RemoteImage? {
        guard let reference = analyzed.previous, !settings.isSet(.skipLayers) else { return nil }
        return try await RemoteImage.fetch(ImageName(reference), access)
    }

    private func addLayers(
        _ layers: ExportLayers,
        _ group: [GroupEntry],
        to image: inout ImageAssembly
    ) async throws -> [CachedLayer] {
        var cached: [CachedLayer] = []
        let all = try layers.buildpackLayers()
        for entry in group {
            var buildpack = ImageMetadata.Buildpack(id: entry.id, version: entry.version)
            for layer in all where layer.buildpack == entry {
                var archive: MeasuredArchive?
                if layer.file.launch {
                    let published = try await image.add(layers.launchLayer(layer))
                    archive = published.archive
                    buildpack.layers[layer.name] = ImageMetadata.Layer(
                        digest: published.diffID,
                        data: layer.file.metadata,
                        build: layer.file.build,
                        launch: true,
                        cache: layer.file.cache
                    )
                }
                guard layer.file.cache, let entries = layer.entries, hasCache else { continue }
                if archive == nil { archive = try await MeasuredArchive(entries) }
                if let archive { cached.append(CachedLayer(layer: layer, archive: archive)) }
            }
            let store = "\(settings.layers)/\(entry.directoryName)/store.toml"
            buildpack.store = try TOMLText.read(store)?["metadata"]
            image.label.buildpacks.append(buildpack)
        }
        if let sbom = try layers.sbom() { image.label.sbom = try await image.add(sbom).diffID }
        for slice in try layers.app() { image.label.app.append(try await image.add(slice).diffID) }
        image.label.launcher = try await image.add(layers.launcher()).diffID
        image.label.config = try await image.add(layers.config()).diffID
        if let types = layers.processTypes() { image.label.processTypes = try await image.add(types).diffID }
        return cached
    }

    private func publish(
        _ image: inout ImageAssembly,
        _ config: ExportedConfig,
        _ publisher: LayerPublisher
    ) async throws -> Result {
        try config.apply(to: &image.config, label: image.label)
        let configBytes = try image.config.encoded()
        let manifest = ImageManifest(
            config: Descriptor(mediaType: MediaType.config, content: configBytes),
            layers: image.published.map(\.descriptor)
        )
        let bytes = try manifest.encoded()
        for (number, name) in names.enumerated() {
            if number > 0, name.repository != names[0].repository {
                for layer in manifest.layers {
                    _ = try await publisher.copy(layer, from: names[0], to: name.repository)
                }
            }
            try await publisher.client.uploadBlob(name.repository, bytes: configBytes)
            let digest = try await publisher.client.putManifest(
                name.repository,
                name.reference,
                mediaType: MediaType.manifest,
                bytes: bytes
            )
            log.info("pushed \(name) as \(digest)")
        }
        return Result(
            digest: Sha256.digest(of: bytes),
            manifest: manifest,
            manifestSize: bytes.count,
            newLayers: image.published.count(where: \.isNew)
        )
    }

    private func report(_ result: Result, _ group: [GroupEntry]) throws {
        let image: [String: JSONValue] = [
            "tags": .array(names.map { .string("\($0)") }),
            "digest": .string(result.digest.text),
            "manifest-size": .integer(Int64(result.manifestSize)),
        ]
        try TextFile.write(settings.report, TOMLText.write(["image": .object(image)]))
        let size = result.manifest.layers.reduce(result.manifest.config.size) { $0 + $1.size }
        let line: JSONValue = .object([
            "digest": .string(result.digest.text),
            "size": .integer(size),
            "layers": .integer(Int64(result.manifest.layers.count)),
            "newLayers": .integer(Int64(result.newLayers)),
            "buildpacks": .array(group.map { .string($0.key) }),
        ])
        log.result("forge-result: " + String(decoding: try CanonicalJSON.encode(line), as: UTF8.self))
    }
}
