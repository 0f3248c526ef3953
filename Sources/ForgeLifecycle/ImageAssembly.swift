// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgeOCI

/// An image while its layers are put together, each in the registry before the next is looked at.
struct ImageAssembly {
    private let publisher: LayerPublisher
    private let base: RemoteImage
    private let log: PhaseLog
    private let created: String
    /// The configuration so far.
    var config: ImageConfig
    /// What the label will say.
    var label = ImageMetadata()
    /// The layers so far, the run image's first.
    private(set) var published: [LayerPublisher.Published] = []

    /// `created` is the time of every line of history.
    init(publisher: LayerPublisher, base: RemoteImage, created: String, log: PhaseLog) {
        self.publisher = publisher
        self.base = base
        self.created = created
        self.log = log
        config = base.config
    }

    /// Adds the run image's layers.
    mutating func addBase(_ run: AnalyzedFile.RunImage) async throws {
        for (diffID, descriptor) in zip(base.config.diffIDs, base.manifest.layers) {
            published.append(try await publisher.publish(base: descriptor, diffID: diffID, of: base.name))
        }
        // Every layer needs its line of history, or tools that pair them show the wrong ones.
        if config.history.count(where: { !$0.emptyLayer }) != published.count {
            config.history = published.map { _ in ImageConfig.History(created: created, createdBy: nil) }
        }
        label.runImage = ImageMetadata.RunImage(
            topLayer: base.config.diffIDs.last?.text ?? "",
            reference: run.reference,
            image: run.image
        )
    }

    /// The layers so far as the registry has them, for whoever needs the same.
    func stored(as name: ImageName) -> StoredLayers {
        let layers = published.map { ($0.diffID, $0.descriptor) }
        return StoredLayers(image: name, layers: Dictionary(layers, uniquingKeysWith: { first, _ in first }))
    }

    /// Adds a layer of the build.
    mutating func add(_ layer: ExportLayer) async throws -> LayerPublisher.Published {
        let result = try await publisher.publish(layer)
        published.append(result)
        config.append(layer: result.diffID, history: .init(created: created, createdBy: layer.createdBy))
        log.info("\(result.isNew ? "added" : "reused") \(layer.createdBy) (\(Self.size(result.descriptor.size)))")
        return result
    }

    private static func size(_ bytes: Int64) -> String {
        bytes >= 1_000_000 ? "\(bytes / 1_000_000) MB" : "\((bytes + 999) / 1000) kB"
    }
}
