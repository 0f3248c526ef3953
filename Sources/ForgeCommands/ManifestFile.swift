// SPDX-License-Identifier: Apache-2.0

import ForgeManifest
import ForgeModel
import Glibc

/// A manifest that was read from a folder, with its Procfile.
struct ManifestFile {
    /// The folder of the source.
    let root: String
    /// What forge.yaml and the Procfile say.
    let manifest: AppManifest

    /// What of the folder is no source, as lines of .gitignore: the manifest.
    let ignoredInSource: [String]

    private static let name = "forge.yaml"
    private static let maximumSize = 1 << 20

    /// Whether a folder has a manifest.
    static func exists(in folder: String) -> Bool { access(shown(folder, name), F_OK) == 0 }

    /// Reads the manifest, tells its warnings on stderr, and throws its mistakes as one failure when it has any.
    static func load(folder: String, file: String?, _ session: Session, strict: Bool = false) throws -> ManifestFile {
        try requireFolder(folder)
        let named = file
        let file = named ?? shown(folder, name)
        guard let yaml = try TextFile.read(file, limit: maximumSize)?.bytes else {
            let remedy = named == nil ? "; write one, or name it with --file" : ""
            throw CommandFailure("no-manifest", "there is no file '\(file)'\(remedy)", .data)
        }
        let procfileName = shown(folder, ManifestParser.procfileName(in: ManifestParser.buildPath(yaml: yaml)))
        let procfile = try TextFile.read(procfileName, limit: maximumSize)?.bytes
        let parsed = ManifestParser.parse(
            yaml: yaml,
            file: file,
            procfile: procfile,
            procfileName: procfileName,
            strict: strict
        )
        if !session.json, !parsed.diagnostics.isEmpty {
            let sources = [file: yaml, procfileName: procfile ?? []].mapValues { String(decoding: $0, as: UTF8.self) }
            session.surroundings.console.write(.error, DiagnosticRenderer(sources: sources).text(parsed.diagnostics))
        }
        guard let manifest = parsed.manifest else {
            let summary = DiagnosticRenderer.summary(parsed.diagnostics)
            throw CommandFailure(
                "invalid-manifest",
                "\(summary). Nothing was changed.",
                .data,
                diagnostics: parsed.diagnostics
            )
        }
        let inside = file.hasPrefix(shown(folder, "")) ? [String(file.dropFirst(shown(folder, "").count))] : []
        return ManifestFile(root: folder, manifest: manifest, ignoredInSource: ([name] + inside).map { "/\($0)" })
    }

    private static func requireFolder(_ folder: String) throws {
        var status = stat()
        guard stat(folder, &status) == 0 else {
            // What else is wrong with it is said of the file in it.
            guard errno == ENOENT || errno == ENOTDIR else { return }
            throw CommandFailure("no-manifest", "there is no folder '\(folder)'", .data)
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw CommandFailure(
                "no-manifest",
                "'\(folder)' is not a folder; name the one with the source, and the manifest with --file",
                .data
            )
        }
    }

    /// A file of a folder, as a person would name it.
    private static func shown(_ folder: String, _ file: String) -> String {
        if folder == "." || folder == "./" { return file }
        return folder.hasSuffix("/") ? folder + file : "\(folder)/\(file)"
    }
}
