// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgeOCI
package import ForgeRegistry
import FoundationEssentials
import Glibc

/// Makes the platform's three images and puts them into its registry (specs/builder.md).
///
/// | image              | layers                                      |
/// |--------------------|---------------------------------------------|
/// | `platform/run`     | Debian                                      |
/// | `platform/builder` | Debian, packages for builds, `/cnb`         |
/// | `platform/tools`   | Debian, the lifecycle                       |
///
/// The Debian layers are made once and used again as long as the list of packages is the same.
package struct BuilderImages: Sendable {
    /// Makes the file systems of the run image and of the builder in an empty folder, and gives their paths.
    typealias Roots = @Sendable (_ folder: String) async throws -> (run: String, build: String)

    let recipe: BuilderRecipe
    let registry: RegistryClient
    let folder: StateFolder
    let report: @Sendable (String) -> Void
    private let publisher: ImagePublisher
    private let roots: Roots

    /// - Parameter report: takes each line about what was done.
    package init(
        recipe: BuilderRecipe,
        registry: RegistryClient,
        folder: StateFolder,
        environment: [String: String],
        report: @escaping @Sendable (String) -> Void
    ) {
        let programs = ProgramSearch(path: environment["PATH"])
        self.init(recipe: recipe, registry: registry, folder: folder, report: report) { work in
            let bootstrap = Bootstrap(
                programs: programs,
                environment: environment,
                folder: work,
                log: folder.log(of: "builder")
            )
            let (run, build) = ("\(work)/run", "\(work)/build")
            try await bootstrap.make(BuilderRoots.plan(run: run, build: build))
            return (run, build)
        }
    }

    init(
        recipe: BuilderRecipe,
        registry: RegistryClient,
        folder: StateFolder,
        report: @escaping @Sendable (String) -> Void,
        roots: @escaping Roots
    ) {
        self.recipe = recipe
        self.registry = registry
        self.folder = folder
        self.report = report
        publisher = ImagePublisher(registry: registry, command: "forged builder create", report: report)
        self.roots = roots
    }

    /// Makes what is missing or was made from other inputs; with `refresh`, everything, with the newest packages.
    /// - Returns: whether anything was made.
    @discardableResult
    package func create(refresh: Bool) async throws -> Bool {
        let inputs = try inputs().text
        let base = Sha256.digest(of: BuilderRoots.recipe.utf8).text
        let run = try await publisher.stored(.run)
        let builder = try await publisher.stored(.builder)
        let isMade = try await [builder, publisher.stored(.tools)].allSatisfy {
            $0?.config.labels[ImagePublisher.inputsLabel] == inputs
        }
        if !refresh, isMade, run?.config.labels[ImagePublisher.baseLabel] == base {
            report("builder image is as described")
            return false
        }
        let layers: DebianLayers
        if !refresh, let kept = DebianLayers(run: run, builder: builder, base: base) {
            report("  debian      kept   \(kept.sizes)")
            layers = kept
        } else {
            layers = try await debianLayers()
        }
        // Without the inputs: a new lifecycle makes no new run image, which would change what every app is based on.
        try await publisher.publish(
            .run,
            layers: [layers.run],
            epoch: layers.epoch,
            labels: [ImagePublisher.baseLabel: base]
        )
        let marks = [ImagePublisher.inputsLabel: inputs, ImagePublisher.baseLabel: base]
        let cnb = try await publisher.push(
            try recipe.builderLayer(runImage: publisher.name(of: .run), epoch: layers.epoch),
            to: .builder,
            title: "cnb",
            about: "lifecycle \(recipe.version), \(BuildpackGroup.members(of: recipe.order).count) buildpacks"
        )
        try await publisher.publish(
            .builder,
            layers: [layers.run, layers.build, cnb],
            epoch: layers.epoch,
            labels: try marks.merging(BuilderLabels.builder(recipe, runImage: publisher.name(of: .run))) { $1 }
        )
        let tools = try await publisher.push(
            try recipe.toolsLayer(epoch: layers.epoch),
            to: .tools,
            title: "tools",
            about: "lifecycle"
        )
        try await publisher.publish(.tools, layers: [layers.run, tools], epoch: layers.epoch, labels: marks)
        return true
    }

    // MARK: Inputs

    /// The digest of all that decides what is in the three images, but the packages' versions.
    func inputs() throws -> Digest {
        var hash = Sha256()
        hash.update("\(BuilderRoots.recipe)\n\(recipe.version)\n\(registry.endpoint.host)\n\(recipe.orderFile)\n".utf8)
        hash.update("\(recipe.interfaces.buildpack) \(recipe.interfaces.platform)\n".utf8)
        for path in [recipe.lifecycle, recipe.launcher] {
            hash.update(try FileSource(path: path).digest().digest.text.utf8)
        }
        for file in recipe.files.sorted(by: { $0.path < $1.path }) {
            hash.update("\(file.path) \(file.isExecutable) \(Sha256.digest(of: file.bytes))\n".utf8)
        }
        return hash.digest()
    }

    // MARK: Layers

    private func debianLayers() async throws -> DebianLayers {
        try await folder.withWorkFolder("builder") { work in
            let start = Int64(time(nil))
            let clock = ContinuousClock.now
            let made = try await roots(work)
            report("  packages    \(ImagePublisher.seconds(since: clock))   Debian \(AptSources.suite), by mmdebstrap")
            let run = try RootTree(made.run)
            let build = try RootTree(made.build)
            let epoch = run.epoch(before: start)
            return DebianLayers(
                run: try await publisher.push(
                    run.layer(epoch: epoch),
                    to: .run,
                    title: "run",
                    about: "what apps run on"
                ),
                build: try await publisher.push(
                    build.layer(over: run, epoch: epoch),
                    to: .builder,
                    title: "build",
                    about: "compilers and headers"
                ),
                epoch: epoch
            )
        }
    }
}
