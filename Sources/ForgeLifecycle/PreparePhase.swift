// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgeOCI
import ForgeRegistry

/// Fetches the source that a build is of, and writes the build's variables; runs before the phases of the platform
/// specification.
struct PreparePhase {
    private let settings: PhaseSettings
    private let log: PhaseLog

    init(_ settings: PhaseSettings, log: PhaseLog) {
        self.settings = settings
        self.log = log
    }

    /// Fills the app folder and `<platform>/env`.
    func run() async throws {
        try writeVariables()
        guard let source = settings[.source] else {
            throw PhaseError(PhaseError.Code.arguments, "-source is missing: <registry>/<repository>@sha256:<digest>")
        }
        try await unpack(ImageName(source))
    }

    private func unpack(_ name: ImageName) async throws {
        guard let digest = name.digest else {
            throw PhaseError(PhaseError.Code.arguments, "-source '\(name)' has no digest")
        }
        let client = try RegistryAccess(settings).client(for: name.registry)
        guard let found = try await client.manifest(name.repository, digest.text) else {
            throw PhaseError(PhaseError.Code.generic, "the registry has no source \(name); deploy again to upload it")
        }
        let manifest = try ImageManifest(decoding: found.bytes)
        guard manifest.layers.count == 1, manifest.layers[0].mediaType == MediaType.source else {
            throw PhaseError(PhaseError.Code.generic, "\(name) is not a source: it must have one \(MediaType.source)")
        }
        let limits = SourcePacker.Limits()
        try empty(settings.app)
        let below = settings[.path].flatMap { $0 == "." ? nil : $0 }
        let extractor = try TarExtractor(
            into: settings.app,
            options: .init(
                names: below.map(TarExtractor.Names.relativeBelow) ?? .relative,
                linksStayInside: true,
                modified: LayerArchive.modified,
                maximumEntries: limits.entries,
                maximumBytes: limits.bytes
            )
        )
        do {
            let blob = try await client.blob(name.repository, manifest.layers[0].digest, limit: limits.bytes)
            for try await chunk in blob { try extractor.write(chunk) }
            try extractor.finish()
        } catch {
            // Nothing of a source that is not whole may be built.
            try empty(settings.app)
            throw error
        }
        if let below, try TextFile.names(in: settings.app).isEmpty {
            throw PhaseError(PhaseError.Code.generic, "the source has nothing in '\(below)'; check build.path")
        }
        log.info("unpacked \(extractor.entries) files, \(extractor.bytes) bytes")
    }

    /// The folder itself may be the mount point of a volume, so only its content goes.
    private func empty(_ directory: String) throws {
        try TextFile.makeDirectory(directory)
        for name in try Directory.names(in: directory) { try TextFile.remove("\(directory)/\(name)") }
    }

    private func writeVariables() throws {
        var variables: [String: String] = [:]
        if let text = settings.environment["FORGE_BUILD_ENV"], !text.isEmpty {
            variables = try decode(Array(text.utf8), name: "FORGE_BUILD_ENV")
        }
        let directory = settings.platform + "/env"
        try TextFile.remove(directory)
        try TextFile.makeDirectory(directory)
        for (name, value) in variables {
            try FileSink(path: "\(directory)/\(name)", mode: 0o600).write(Array(value.utf8))
        }
    }

    private func decode(_ bytes: [UInt8], name: String) throws -> [String: String] {
        let variables: [String: String]
        do {
            variables = try CanonicalJSON.decode([String: String].self, from: bytes, kind: name)
        } catch {
            throw PhaseError(PhaseError.Code.arguments, "\(name) is not a JSON object of strings")
        }
        for key in variables.keys where !VariableName.isValid(key) {
            throw PhaseError(PhaseError.Code.arguments, "\(name): '\(key)' is not the name of a variable")
        }
        return variables
    }
}
