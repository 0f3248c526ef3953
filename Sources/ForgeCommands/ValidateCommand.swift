// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ForgeManifest
import ForgeModel

/// `forge validate`: whether a manifest and its Procfile are good. Needs no platform.
struct ValidateCommand: ForgeSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Check forge.yaml and the Procfile, without a platform.",
        discussion: """
            Example:
              forge validate --strict
            """
    )

    @OptionGroup var source: SourceOptions
    @Flag(name: .long, help: "Take warnings as errors.")
    var strict = false
    @OptionGroup var output: OutputOptions

    func perform(_ session: Session) async throws -> ExitStatus {
        let manifest = try ManifestFile.load(folder: source.path, file: source.file, session, strict: strict).manifest
        let processes = manifest.processes.keys.sorted()
        if session.json {
            try session.emit(Document(app: manifest.name, processes: processes))
        } else {
            let names =
                processes.isEmpty ? "its processes come from the build" : processes.map(\.text).joined(separator: ", ")
            session.say("\(manifest.name) is good: \(names)")
        }
        return .done
    }

    private struct Document: Encodable {
        let valid = true
        let app: AppName
        let processes: [ProcessType]
    }
}
