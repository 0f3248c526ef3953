// SPDX-License-Identifier: Apache-2.0

import ForgeOCI
import ForgeRegistry

/// Finds the run image and what the previous build left, and asks whether the image can be written (platform
/// specification, analyzer).
struct AnalyzerPhase {
    private struct RunFile: Decodable {
        struct Image: Decodable {
            var image: String
            var mirrors: [String]?
        }

        var images: [Image]?
    }

    private let settings: PhaseSettings
    private let log: PhaseLog
    private let access: RegistryAccess

    init(_ settings: PhaseSettings, log: PhaseLog) throws {
        self.settings = settings
        self.log = log
        access = try RegistryAccess(settings)
    }

    /// Writes analyzed.toml. Throws ``PhaseError`` with 32 when the run image cannot be used, or the
    /// image or the cache image could not be written: that is to be known before a build, not after it.
    func run() async throws {
        guard settings.arguments.count == 1 else {
            throw PhaseError(PhaseError.Code.arguments, "the analyzer takes one image name")
        }
        let names = try (settings.arguments + settings.list(.tag)).map { text throws(PhaseError) in try ImageName(text)
        }
        guard Set(names.map(\.registry)).count == 1 else {
            throw PhaseError(PhaseError.Code.arguments, "all tags must be in one registry")
        }
        try await checkWriteAccess(names, "the image")
        if let cache = try settings.cacheImage() { try await checkWriteAccess([cache], "the cache image") }
        var file = AnalyzedFile()
        let previousName =
            try settings[.previousImage].map { text throws(PhaseError) in try ImageName(text) } ?? names[0]
        if let previous = try await RemoteImage.fetch(previousName, access) {
            file.previous = previous.name.description
            file.metadata = previous.metadata
            log.info("previous image is \(previous.name)")
        } else {
            log.info("there is no previous image \(previousName)")
        }
        let (named, image) = try await runImage(for: names[0].registry)
        file.runImage = AnalyzedFile.RunImage(reference: image.name.description, image: named, target: image.target)
        log.info("run image is \(image.name)")
        try file.write(settings.analyzed)
    }

    /// All names are in one registry.
    private func checkWriteAccess(_ names: [ImageName], _ what: String) async throws {
        let client = access.client(for: names[0].registry)
        for repository in Set(names.map(\.repository)).sorted() {
            do {
                try await client.checkPush(repository)
            } catch let error as RegistryError {
                throw PhaseError(PhaseError.Code.analyze, "\(what) cannot be written: \(error)")
            }
        }
    }

    /// The run image that was asked for, else the first readable one of run.toml, mirrors on the app's registry first
    /// (platform specification, Run Image Resolution).
    private func runImage(for registry: String) async throws -> (name: String, image: RemoteImage) {
        let candidates: [String]
        if let given = settings[.runImage] {
            candidates = [given]
        } else if let first = try TOMLText.read(RunFile.self, settings.run)?.images?.first {
            let all = [first.image] + (first.mirrors ?? [])
            let near = all.filter { (try? ImageName($0).registry) == registry }
            candidates = near + all.filter { !near.contains($0) }
        } else {
            throw PhaseError(
                PhaseError.Code.arguments,
                "there is no run image: give -run-image or list one in '\(settings.run)'"
            )
        }
        var reasons: [String] = []
        for candidate in candidates {
            do {
                if let image = try await RemoteImage.fetch(ImageName(candidate), access) { return (candidate, image) }
                reasons.append("\(candidate): the registry has no such image")
            } catch {
                reasons.append("\(candidate): \(error)")
            }
        }
        let told = reasons.joined(separator: "; ")
        throw PhaseError(PhaseError.Code.analyze, "failed to find accessible run image: \(told)")
    }
}
