// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgeYAML

/// Reads the nodes of forge.yaml by its schema and collects every mistake; what is wrong is left out of the draft.
struct ManifestReader {
    let file: String
    private(set) var diagnostics: [Diagnostic] = []
    private static let shownMistakes = 100

    init(file: String) { self.file = file }

    /// Whether no more mistakes are collected.
    var isFull: Bool { diagnostics.count >= Self.shownMistakes }

    /// The draft of a whole file.
    mutating func read(_ bytes: [UInt8]) -> ManifestDraft {
        let document: YAMLDocument
        do throws(YAMLError) {
            document = try YAMLDocument(parsing: bytes)
        } catch {
            report(error)
            return ManifestDraft()
        }
        document.mistakes.forEach { report($0) }
        guard let root = document.root, !root.isNull else {
            report(
                YAMLMark(line: 1, column: 1),
                nil,
                "the file is empty",
                hint: "begin with 'version: 1' and 'name: <app>'"
            )
            return ManifestDraft()
        }
        guard let top = mapping(root, path: "") else { return ManifestDraft() }
        guard readVersion(top) else { return ManifestDraft() }
        checkKeys(of: top, ManifestBlock.top, path: "")
        return readTop(top)
    }

    /// Whether the rest is worth reading: other versions have other keys, so their mistakes would be guesses.
    private mutating func readVersion(_ top: YAMLMapping) -> Bool {
        guard let node = top.entry("version")?.value else {
            report(top.start, "version", "version is missing", hint: "add 'version: 1'")
            return true
        }
        guard let version = number(node, path: "version", in: 0...Int.max) else { return true }
        guard version == 1 else {
            report(node.start, "version", "version \(version) is not known", hint: "this forge reads version 1")
            return false
        }
        return true
    }

    private mutating func readTop(_ top: YAMLMapping) -> ManifestDraft {
        var draft = ManifestDraft()
        if let node = top.entry("name")?.value {
            draft.name = value(node, path: "name") { try AppName($0) }
        } else {
            report(top.start, "name", "name is missing", hint: "add 'name: <app>'")
        }
        if let build = block(top.entry("build")?.value, .build, path: "build") {
            draft.build = readBuild(build)
        }
        if let env = block(top.entry("env")?.value, nil, path: "env") {
            draft.env = readVariables(env, path: "env")
        }
        if let release = block(top.entry("release")?.value, .release, path: "release") {
            draft.releaseCommand = readCommand(release, path: "release")
            if release.entry("command") == nil {
                report(
                    release.start,
                    "release.command",
                    "release has no command",
                    hint: "add 'command: …', or remove it"
                )
            }
        }
        if let processes = block(top.entry("processes")?.value, nil, path: "processes") {
            draft.processes = readProcesses(processes)
        }
        if let node = top.entry("drift")?.value {
            draft.drift = readDrift(node) ?? draft.drift
        }
        return draft
    }

    // MARK: - Reporting

    private mutating func report(_ error: YAMLError) {
        let path = error.path.map { YAMLError.shown($0) }.joined(separator: ".")
        report(error.mark, path.isEmpty ? nil : path, error.message)
    }

    /// Notes an error; of a flood of them only the first hundred.
    mutating func report(_ mark: YAMLMark, _ path: String?, _ message: String, hint: String? = nil) {
        guard !isFull else { return }
        diagnostics.append(
            Diagnostic(
                .error,
                file: file,
                line: mark.line,
                column: mark.column,
                path: path,
                message: message,
                hint: hint
            )
        )
    }
}
