// SPDX-License-Identifier: Apache-2.0

import ForgeLaunch
import ForgeModel
import ForgeOCI

/// A layer that the exporter adds to the run image.
struct ExportLayer: Sendable {
    /// Where its content comes from.
    enum Content: Sendable {
        /// Files of this build.
        case entries([TarEntry])
        /// The previous image's layer, by the digest of its uncompressed content.
        case previous(Digest)
    }

    /// What its line in the log and in the history says.
    let createdBy: String
    let content: Content
}

/// Which layers an image gets, in their order (platform specification, exporter), and what the label says of them.
struct ExportLayers {
    private let settings: PhaseSettings
    private let group: [GroupEntry]
    private let metadata: BuildMetadataFile
    private let previous: ImageMetadata
    private let owner: (uid: UInt32, gid: UInt32)

    init(_ settings: PhaseSettings, group: [GroupEntry], metadata: BuildMetadataFile, previous: ImageMetadata) throws {
        self.settings = settings
        self.group = group
        self.metadata = metadata
        self.previous = previous
        owner = try settings.owner()
    }

    /// A buildpack's layer as the buildpack left it.
    struct BuildpackLayer: Sendable {
        var buildpack: GroupEntry
        var name: String
        var file: LayerFile
        /// Its files; `nil` when it is not there.
        var entries: [TarEntry]?
    }

    /// Every layer of every buildpack.
    func buildpackLayers() throws -> [BuildpackLayer] {
        try group.flatMap { entry in
            let directory = "\(settings.layers)/\(entry.directoryName)"
            return try LayerFile.layers(in: directory).map { name, file in
                let place = "\(directory)/\(name)"
                let isWanted = try (file.launch || file.cache) && TextFile.isDirectory(place)
                let entries =
                    isWanted ? try LayerArchive.directory(place, uid: owner.uid, gid: owner.gid).entries : nil
                return BuildpackLayer(buildpack: entry, name: name, file: file, entries: entries)
            }
        }
    }

    /// The image's layer for a launch layer. Throws ``PhaseError`` when there is nothing to take it from.
    func launchLayer(_ layer: BuildpackLayer) throws -> ExportLayer {
        let name = "\(layer.buildpack.id):\(layer.name)"
        let createdBy = "Layer: '\(layer.name)', Created by buildpack: \(layer.buildpack.key)"
        if let entries = layer.entries { return ExportLayer(createdBy: createdBy, content: .entries(entries)) }
        guard !layer.file.cache, let digest = previous.layer(layer.name, of: layer.buildpack.id)?.digest else {
            throw PhaseError(
                PhaseError.Code.export,
                "layer \(name) has no content, and no previous image has it; build again without a cache"
            )
        }
        return ExportLayer(createdBy: createdBy, content: .previous(digest))
    }

    /// The launch bill of materials, when a buildpack wrote one.
    func sbom() throws -> ExportLayer? {
        let directory = settings.layers + "/sbom/launch"
        guard try TextFile.isDirectory(directory) else { return nil }
        let archive = try LayerArchive.directory(directory, uid: owner.uid, gid: owner.gid)
        return ExportLayer(createdBy: "Software Bill-of-Materials", content: .entries(archive.entries))
    }

    /// The app folder, in slices where buildpacks gave some.
    func app() throws -> [ExportLayer] {
        let archives = try AppSlices(root: settings.app, uid: owner.uid, gid: owner.gid).archives(metadata.slices)
        return archives.enumerated().map { number, archive in
            let createdBy = archives.count == 1 ? "Application Layer" : "Application Slice: \(number + 1)"
            return ExportLayer(createdBy: createdBy, content: .entries(archive.entries))
        }
    }

    /// The launcher, from the builder image.
    func launcher() throws -> ExportLayer {
        guard let status = try TextFile.status(settings.launcher), status.kind == .file else {
            throw PhaseError(PhaseError.Code.export, "the launcher '\(settings.launcher)' is missing in the builder")
        }
        var archive = LayerArchive(uid: 0, gid: 0)
        archive.addOwn(Self.launcherPath, .file(status.stamp, path: settings.launcher), mode: 0o755)
        return ExportLayer(createdBy: "Buildpacks Application Launcher", content: .entries(archive.entries))
    }

    static let launcherPath = "/cnb/lifecycle/launcher"
    static let processDirectory = "/cnb/process"

    /// The launch metadata that the launcher reads.
    func config() throws -> ExportLayer {
        let directory = settings.layers + "/config"
        let archive = try LayerArchive.directory(directory, uid: owner.uid, gid: owner.gid)
        return ExportLayer(createdBy: "Buildpacks Launcher Config", content: .entries(archive.entries))
    }

    /// One link to the launcher per process type.
    func processTypes() -> ExportLayer? {
        guard !metadata.processes.isEmpty else { return nil }
        var archive = LayerArchive(uid: 0, gid: 0)
        for process in metadata.processes {
            let link = TarEntry.Kind.symbolicLink(target: Self.launcherPath)
            archive.addOwn("\(Self.processDirectory)/\(process.type)", link, mode: 0o777)
        }
        return ExportLayer(createdBy: "Buildpacks Process Types", content: .entries(archive.entries))
    }
}
