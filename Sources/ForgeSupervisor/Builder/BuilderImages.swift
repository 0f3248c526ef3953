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
    /// The digest of everything that decides what is in the image.
    static let inputsLabel = "forge.builder.inputs"
    /// The digest of what decides what is in the Debian layers.
    static let baseLabel = "forge.builder.base"

    /// Makes the file systems of the run image and of the builder in an empty folder, and gives their paths.
    typealias Roots = @Sendable (_ folder: String) async throws -> (run: String, build: String)

    let recipe: BuilderRecipe
    let registry: RegistryClient
    let folder: StateFolder
    let report: @Sendable (String) -> Void
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
            try await bootstrap.make()
            return (bootstrap.runRoot, bootstrap.buildRoot)
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
        self.roots = roots
    }

    /// Makes what is missing or was made from other inputs; with `refresh`, everything, with the newest packages.
    /// - Returns: whether anything was made.
    @discardableResult
    package func create(refresh: Bool) async throws -> Bool {
        let inputs = try inputs().text
        let base = Sha256.digest(of: Bootstrap.recipe.utf8).text
        let run = try await stored(.run)
        let builder = try await stored(.builder)
        let isMade = try await [builder, stored(.tools)].allSatisfy { $0?.config.labels[Self.inputsLabel] == inputs }
        if !refresh, isMade, run?.config.labels[Self.baseLabel] == base {
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
        try await publish(.run, layers: [layers.run], epoch: layers.epoch, labels: [Self.baseLabel: base])
        let marks = [Self.inputsLabel: inputs, Self.baseLabel: base]
        let cnb = try await push(
            try recipe.builderLayer(runImage: name(of: .run), epoch: layers.epoch),
            to: .builder,
            title: "cnb",
            about: "lifecycle \(recipe.version), \(BuildpackGroup.members(of: recipe.order).count) buildpacks"
        )
        try await publish(
            .builder,
            layers: [layers.run, layers.build, cnb],
            epoch: layers.epoch,
            labels: try marks.merging(BuilderLabels.builder(recipe, runImage: name(of: .run))) { $1 }
        )
        let tools = try await push(
            try recipe.toolsLayer(epoch: layers.epoch),
            to: .tools,
            title: "tools",
            about: "lifecycle"
        )
        try await publish(.tools, layers: [layers.run, tools], epoch: layers.epoch, labels: marks)
        return true
    }

    // MARK: Inputs

    /// The digest of all that decides what is in the three images, but the packages' versions.
    func inputs() throws -> Digest {
        var hash = Sha256()
        hash.update("\(Bootstrap.recipe)\n\(recipe.version)\n\(registry.endpoint.host)\n\(recipe.orderFile)\n".utf8)
        hash.update("\(recipe.interfaces.buildpack) \(recipe.interfaces.platform)\n".utf8)
        for path in [recipe.lifecycle, recipe.launcher] {
            hash.update(try FileSource(path: path).digest().digest.text.utf8)
        }
        for file in recipe.files.sorted(by: { $0.path < $1.path }) {
            hash.update("\(file.path) \(file.isExecutable) \(Sha256.digest(of: file.bytes))\n".utf8)
        }
        return hash.digest()
    }

    func stored(_ image: PlatformImage) async throws -> StoredImage? {
        guard let manifest = try await registry.manifest(image.repository, "latest") else { return nil }
        let parsed = try ImageManifest(decoding: manifest.bytes)
        let config = try await registry.blobBytes(image.repository, parsed.config.digest)
        return StoredImage(manifest: parsed, config: try ImageConfig(decoding: config))
    }

    func name(of image: PlatformImage) -> String { "\(registry.endpoint.host)/\(image.repository):latest" }

    // MARK: Layers

    private func debianLayers() async throws -> DebianLayers {
        let prefix = "builder-"
        // A run that was killed or interrupted leaves its folder.
        for name in try Directory.names(in: folder.temporary) where name.hasPrefix(prefix) {
            guard let pid = Int32(name.dropFirst(prefix.count)), ProcessIdentity(of: pid) == nil else { continue }
            try FileManager.default.removeItem(atPath: "\(folder.temporary)/\(name)")
        }
        let work = "\(folder.temporary)/\(prefix)\(getpid())"
        try SystemCallError.check("create", work) { mkdir(work, 0o700) }
        defer { _ = try? FileManager.default.removeItem(atPath: work) }
        let start = Int64(time(nil))
        let clock = ContinuousClock.now
        let made = try await roots(work)
        report("  packages    \(seconds(since: clock))   Debian \(AptSources.suite), by mmdebstrap")
        let run = try RootTree(made.run)
        let build = try RootTree(made.build)
        let epoch = run.epoch(before: start)
        return DebianLayers(
            run: try await push(run.layer(epoch: epoch), to: .run, title: "run", about: "what apps run on"),
            build: try await push(
                build.layer(over: run, epoch: epoch),
                to: .builder,
                title: "build",
                about: "compilers and headers"
            ),
            epoch: epoch
        )
    }

    private func push(_ entries: [TarEntry], to image: PlatformImage, title: String, about: String) async throws
        -> Layer
    {
        let clock = ContinuousClock.now
        let bytes = AsyncBytes { TarStream(entries) }
        let (digest, size) = try await registry.uploadBlob(image.repository, bytes)
        let column = title.padding(to: 12)
        report("  \(column)\(seconds(since: clock))   \(size >> 20) MB   \(about)")
        return Layer(descriptor: Descriptor(mediaType: MediaType.layer, digest: digest, size: size), title: title)
    }

    private func seconds(since start: ContinuousClock.Instant) -> String {
        let number = String((ContinuousClock.now - start).components.seconds)
        return String(repeating: " ", count: max(0, 4 - number.utf8.count)) + number + " s"
    }

    // MARK: Images

    private func publish(_ image: PlatformImage, layers: [Layer], epoch: Int64, labels: [String: String]) async throws {
        let created = Date(timeIntervalSince1970: Double(epoch)).ISO8601Format()
        var config = ImageConfig(platform: .current)
        config.created = created
        for layer in layers {
            let made = ImageConfig.History(created: created, createdBy: "forged builder create: \(layer.title)")
            config.append(layer: layer.descriptor.digest, history: made)
        }
        config.labels = labels.merging(BuilderLabels.base(released: created)) { $1 }.merging(image.labels) { $1 }
        config.setVariable("PATH", to: BuilderRecipe.searchPath)
        config.setVariable("LANG", to: "C.UTF-8")
        image.configure(&config)
        for layer in layers { try await place(layer.descriptor, in: image) }
        let bytes = try config.encoded()
        try await registry.uploadBlob(image.repository, bytes: bytes)
        let manifest = ImageManifest(
            config: Descriptor(mediaType: MediaType.config, content: bytes),
            layers: layers.map(\.descriptor)
        )
        let digest = try await registry.putManifest(
            image.repository,
            "latest",
            mediaType: MediaType.manifest,
            bytes: try manifest.encoded()
        )
        let megabytes = layers.reduce(0) { $0 + $1.descriptor.size } >> 20
        report("  \(name(of: image)) is \(digest.short), \(megabytes) MB")
    }

    private func place(_ blob: Descriptor, in image: PlatformImage) async throws {
        if try await registry.blobExists(image.repository, blob.digest) != nil { return }
        for source in [PlatformImage.run, .builder] where source != image {
            if try await registry.mountBlob(image.repository, blob.digest, from: source.repository) { return }
        }
        throw SupervisorError(
            .failed,
            "\(name(of: image)): layer \(blob.digest.short) is gone; run it again with --refresh"
        )
    }
}
