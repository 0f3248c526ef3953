// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgeYAML

/// Turns forge.yaml and the Procfile into an `AppManifest`, or into all mistakes that they have, in one run:
/// 1. `YAMLDocument`: bytes → located nodes.
/// 2. `ManifestReader`: nodes → `ManifestDraft`, by the schema of specs/forge-yaml.md.
/// 3. `ProcfileParser`: bytes → `Procfile`, by specs/procfile.md.
/// 4. `ManifestDraft.manifest(with:)`: both → `AppManifest`, with defaults.
package enum ManifestParser {
    /// Reads a manifest. Nothing is thrown: each mistake is a diagnostic.
    ///
    /// - Parameters:
    ///   - yaml: the bytes of forge.yaml.
    ///   - file: what to call it in diagnostics.
    ///   - procfile: the bytes of the Procfile in the folder `buildPath(yaml:)`, or nil if there is none.
    ///   - procfileName: what to call that; by default its path from forge.yaml.
    ///   - strict: whether warnings are errors.
    package static func parse(
        yaml: [UInt8],
        file: String = "forge.yaml",
        procfile: [UInt8]? = nil,
        procfileName: String? = nil,
        strict: Bool = false
    ) -> ParsedManifest {
        var reader = ManifestReader(file: file)
        let draft = reader.read(yaml)
        var diagnostics = reader.diagnostics
        var processes = Procfile()
        if let procfile {
            var parser = ProcfileParser(file: procfileName ?? Self.procfileName(in: draft.build.path))
            processes = parser.parse(procfile)
            diagnostics += parser.diagnostics
        }
        if strict {
            diagnostics = diagnostics.map { $0.as(.error) }
        }
        let sorted = Set(diagnostics).sorted()
        let manifest = sorted.contains { $0.severity == .error } ? nil : draft.manifest(with: processes)
        return ParsedManifest(manifest: manifest, diagnostics: sorted)
    }

    /// Reads a manifest from text; see `parse(yaml:file:procfile:procfileName:strict:)`.
    package static func parse(
        yaml: String,
        file: String = "forge.yaml",
        procfile: String? = nil,
        procfileName: String? = nil,
        strict: Bool = false
    ) -> ParsedManifest {
        parse(
            yaml: Array(yaml.utf8),
            file: file,
            procfile: procfile.map { Array($0.utf8) },
            procfileName: procfileName,
            strict: strict
        )
    }

    /// The folder with the Procfile, relative to forge.yaml and normalised; `.` if forge.yaml names no good one.
    package static func buildPath(yaml: [UInt8]) -> String {
        var reader = ManifestReader(file: "")
        return reader.read(yaml).build.path
    }

    /// The path of the Procfile from forge.yaml for a `build.path`.
    package static func procfileName(in buildPath: String) -> String {
        buildPath == "." ? "Procfile" : "\(buildPath)/Procfile"
    }
}

extension Diagnostic {
    fileprivate func `as`(_ severity: Severity) -> Diagnostic {
        var copy = self
        copy.severity = severity
        return copy
    }
}
