// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgeOCI

/// What a folder asks for: its manifest, and its source by digest.
struct DeployWish {
    /// What should run.
    let manifest: AppManifest
    /// What packing the source gives.
    let source: SourcePacker.Summary
    /// Packs it again, for the upload.
    let packer: SourcePacker

    /// Reads a folder. Mistakes in it end here.
    init(_ options: SourceOptions, app: String?, _ session: Session) throws {
        let file = try ManifestFile.load(folder: options.path, file: options.file, session)
        var manifest = file.manifest
        if let app { manifest.name = try AppName(app) }
        self.manifest = manifest
        // The manifest acts through the plan, not through the source: a change of configuration alone builds nothing.
        packer = SourcePacker(root: file.root, ignoring: file.ignoredInSource)
        source = try packer.digest()
        source.warnings.forEach { session.note("warning: \($0)") }
    }
}
