// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgeOCI
package import ForgeRegistry
import Glibc

/// Makes the image that the platform itself runs in on a cluster: a layer of Debian packages, a layer with forged
/// (specs/builder.md §5).
package struct ForgeImage: Sendable {
    /// Makes the file system in an empty folder, and gives its path.
    typealias Root = @Sendable (_ folder: String) async throws -> String

    /// Path of forged's program on this machine.
    let program: String
    let folder: StateFolder
    let report: @Sendable (String) -> Void
    private let publisher: ImagePublisher
    private let root: Root

    /// - Parameters:
    ///   - program: the path of forged, linked so that it needs no library of Swift.
    ///   - report: takes each line about what was done.
    package init(
        program: String,
        registry: RegistryClient,
        folder: StateFolder,
        environment: [String: String],
        report: @escaping @Sendable (String) -> Void
    ) {
        let programs = ProgramSearch(path: environment["PATH"])
        self.init(program: program, registry: registry, folder: folder, report: report) { work in
            let bootstrap = Bootstrap(
                programs: programs,
                environment: environment,
                folder: work,
                log: folder.log(of: "images")
            )
            try await bootstrap.make(ForgeRoot.plan(root: work + "/root"))
            return work + "/root"
        }
    }

    init(
        program: String,
        registry: RegistryClient,
        folder: StateFolder,
        report: @escaping @Sendable (String) -> Void,
        root: @escaping Root
    ) {
        self.program = program
        self.folder = folder
        self.report = report
        publisher = ImagePublisher(registry: registry, command: "forged platform images", report: report)
        self.root = root
    }

    /// Makes the image if it is missing or was made from something else; with `refresh`, with the newest packages.
    /// - Returns: whether anything was made.
    @discardableResult
    package func create(refresh: Bool) async throws -> Bool {
        let base = Sha256.digest(of: ForgeRoot.recipe.utf8).text
        let inputs = Sha256.digest(of: (base + (try FileSource(path: program).digest().digest.text)).utf8).text
        let stored = try await publisher.stored(.forge)
        if !refresh, stored?.config.labels[ImagePublisher.inputsLabel] == inputs {
            report("platform image is as described")
            return false
        }
        let debian: (layer: Layer, epoch: Int64)
        if !refresh, let stored, stored.config.labels[ImagePublisher.baseLabel] == base,
            let first = stored.manifest.layers.first, let epoch = stored.config.createdSeconds
        {
            report("  debian      kept   \(first.size >> 20) MB")
            debian = (Layer(descriptor: first, title: "debian"), epoch)
        } else {
            debian = try await debianLayer()
        }
        let own = try await publisher.push(try layer(debian.epoch), to: .forge, title: "forged", about: "the daemon")
        try await publisher.publish(
            .forge,
            layers: [debian.layer, own],
            epoch: debian.epoch,
            labels: [ImagePublisher.baseLabel: base, ImagePublisher.inputsLabel: inputs]
        )
        return true
    }

    private func layer(_ epoch: Int64) throws -> [TarEntry] {
        let entries = [
            TarEntry(name: "usr", kind: .directory, mode: 0o755),
            TarEntry(name: "usr/bin", kind: .directory, mode: 0o755),
            TarEntry(
                name: "usr/bin/forged",
                kind: .file(try FileStatus(of: program).stamp, path: program),
                mode: 0o755
            ),
        ]
        return entries.map { entry in
            var entry = entry
            entry.modified = epoch
            return entry
        }
    }

    private func debianLayer() async throws -> (layer: Layer, epoch: Int64) {
        try await folder.withWorkFolder("images") { work in
            let start = Int64(time(nil))
            let clock = ContinuousClock.now
            let tree = try RootTree(try await root(work))
            report("  packages    \(ImagePublisher.seconds(since: clock))   Debian \(AptSources.suite), by mmdebstrap")
            let epoch = tree.epoch(before: start)
            let layer = try await publisher.push(
                tree.layer(epoch: epoch),
                to: .forge,
                title: "debian",
                about: "Redis, registry, nginx"
            )
            return (layer, epoch)
        }
    }
}
