// SPDX-License-Identifier: Apache-2.0

import ForgeModel

extension ExporterPhase {
    /// A layer that the next build is to find.
    struct CachedLayer {
        var layer: ExportLayers.BuildpackLayer
        var archive: MeasuredArchive
    }

    /// Whether there is anywhere to keep layers.
    var hasCache: Bool { cacheImage != nil || settings.cacheDirectory != nil }

    /// A build that is published stays so when its cache cannot be written; the next one then takes longer.
    ///
    /// - Parameter published: the layers of the image, which a cache image of the same registry need not be sent.
    func saveCache(_ cached: [CachedLayer], _ group: [GroupEntry], published: StoredLayers) async {
        var metadata = ImageMetadata()
        for entry in group {
            var buildpack = ImageMetadata.Buildpack(id: entry.id, version: entry.version)
            for item in cached where item.layer.buildpack == entry {
                buildpack.layers[item.layer.name] = ImageMetadata.Layer(
                    digest: item.archive.digest,
                    data: item.layer.file.metadata,
                    build: item.layer.file.build,
                    launch: item.layer.file.launch,
                    cache: true
                )
            }
            if !buildpack.layers.isEmpty { metadata.buildpacks.append(buildpack) }
        }
        var digests: Set<Digest> = []
        let archives = cached.map(\.archive).filter { digests.insert($0.digest).inserted }
        do {
            try await cache(published)?.replace(metadata, archives)
        } catch {
            log.warn("the cache is not written: \(error)")
        }
    }

    private func cache(_ published: StoredLayers) async throws -> (any LayerCache)? {
        guard let cacheImage else { return settings.cacheDirectory.map(CacheDirectory.init) }
        return try await CacheImage(cacheImage, access, settings, log: log, published: published)
    }
}
