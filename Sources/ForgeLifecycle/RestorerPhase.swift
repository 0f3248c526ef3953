// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgeOCI

/// Brings back what earlier builds left: the metadata of layers, and the content of cached ones (platform
/// specification, restorer; buildpack specification, Layer Types).
struct RestorerPhase {
    private let settings: PhaseSettings
    private let log: PhaseLog

    init(_ settings: PhaseSettings, log: PhaseLog) {
        self.settings = settings
        self.log = log
    }

    /// Restores into the layers directory. A damaged cache costs time, never the build.
    func run() async throws {
        let group = try BuildpackGroup.read(settings.group)
        let previous = try AnalyzedFile.read(settings.analyzed)?.metadata ?? ImageMetadata()
        let (cache, cached) = try await openCache()
        for entry in group.group {
            let directory = "\(settings.layers)/\(entry.directoryName)"
            if let store = previous.buildpacks.first(where: { $0.id == entry.id })?.store {
                try TextFile.write(directory + "/store.toml", TOMLText.write(["metadata": store]))
            }
            guard !settings.isSet(.skipLayers) else { continue }
            for (name, layer) in wanted(entry, previous, cached) {
                guard !name.contains("/"), name != "..", name != "." else { continue }
                try await restore(layer, "\(directory)/\(name)", entry, cache)
            }
        }
    }

    /// The cache and what it has; nothing when there is none, or it cannot be read.
    private func openCache() async throws -> (cache: (any LayerCache)?, metadata: ImageMetadata) {
        let image = try settings.cacheImage()
        do {
            let cache: any LayerCache
            if let image {
                cache = try await CacheImage(image, RegistryAccess(settings), settings, log: log)
            } else if let directory = settings.cacheDirectory {
                cache = CacheDirectory(directory)
            } else {
                log.info("no cache is given, so every layer is made anew")
                return (nil, ImageMetadata())
            }
            return (cache, try await cache.metadata())
        } catch {
            log.warn("the cache cannot be read, so every layer is made anew: \(error)")
            return (nil, ImageMetadata())
        }
    }

    /// The layers whose metadata the buildpack gets to see.
    private func wanted(
        _ entry: GroupEntry,
        _ previous: ImageMetadata,
        _ cached: ImageMetadata
    ) -> [(name: String, layer: ImageMetadata.Layer)] {
        let inImage = previous.buildpacks.first { $0.id == entry.id }?.layers ?? [:]
        let inCache = (cached.buildpacks.first { $0.id == entry.id }?.layers ?? [:]).filter { $0.value.cache }
        var wanted: [String: ImageMetadata.Layer] = [:]
        for (name, layer) in inImage where layer.launch {
            if layer.cache {
                // Both places must have the same content.
                if inCache[name]?.digest == layer.digest { wanted[name] = layer }
            } else if !layer.build {
                wanted[name] = layer
            }
        }
        for (name, layer) in inCache where wanted[name] == nil {
            // Since platform API 0.14 a cached launch layer also comes back when the image does not have it.
            let isMissing = inImage[name] == nil && settings.platformAPI != "0.12" && settings.platformAPI != "0.13"
            if !layer.launch || isMissing { wanted[name] = layer }
        }
        return wanted.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { ($0.key, $0.value) }
    }

    private func restore(
        _ layer: ImageMetadata.Layer,
        _ place: String,
        _ entry: GroupEntry,
        _ cache: (any LayerCache)?
    ) async throws {
        let name = place.split(separator: "/").last ?? ""
        if layer.cache {
            guard let cache, let digest = layer.digest else { return }
            do {
                try TextFile.remove(place)
                try await cache.restore(digest, to: place, below: settings.layers)
                log.info("restored \(entry.id):\(name) from the cache")
            } catch {
                log.warn("\(entry.id):\(name) is not restored: \(error)")
                try TextFile.remove(place)
                return
            }
        } else {
            log.debug("restored the metadata of \(entry.id):\(name)")
        }
        try LayerFile.writeRestored(layer.data, to: place + ".toml")
    }
}
