// SPDX-License-Identifier: Apache-2.0

import ForgeOCI

/// What is on top of the Debian layers, and what the images say of themselves (specs/builder.md §3).
package struct BuilderRecipe: Hashable, Sendable {
    /// The user that builds run as.
    static let buildUser: UInt32 = 1001
    /// The user that apps run as, unless they are given another: not the builds' (Platform API, Run Image).
    static let runUser: UInt32 = 1002
    /// The group of both.
    static let group: UInt32 = 1000
    /// The phases of the lifecycle that are started by their names.
    static let phases = ["analyzer", "builder", "creator", "detector", "exporter", "prepare", "rebaser", "restorer"]
    static let searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// A file of the builder image.
    package struct File: Hashable, Sendable {
        /// The path without the leading slash: `cnb/buildpacks/python/1.0.0/bin/detect`.
        package let path: String
        /// The content.
        package let bytes: [UInt8]
        /// Whether it can be run.
        package let isExecutable: Bool

        /// Describes a file.
        package init(path: String, bytes: [UInt8], isExecutable: Bool) {
            self.path = path
            self.bytes = bytes
            self.isExecutable = isExecutable
        }
    }

    /// Which versions of the two interfaces the lifecycle speaks.
    package struct Interfaces: Hashable, Sendable {
        /// Buildpack API versions, the newest last.
        package let buildpack: [String]
        /// Platform API versions, the newest last.
        package let platform: [String]

        /// Lists versions.
        package init(buildpack: [String], platform: [String]) {
            self.buildpack = buildpack
            self.platform = platform
        }
    }

    /// The buildpacks' files.
    package let files: [File]
    /// The content of order.toml (Platform API, order.toml).
    package let orderFile: String
    /// What the lifecycle speaks.
    package let interfaces: Interfaces
    /// The platform's version.
    package let version: String
    /// Path of the lifecycle's program on this machine.
    package let lifecycle: String
    /// Path of the launcher's program on this machine.
    package let launcher: String

    /// Describes what goes on top.
    package init(
        files: [File],
        orderFile: String,
        interfaces: Interfaces,
        version: String,
        lifecycle: String,
        launcher: String
    ) {
        self.files = files
        self.orderFile = orderFile
        self.interfaces = interfaces
        self.version = version
        self.lifecycle = lifecycle
        self.launcher = launcher
    }

    /// The groups that detection tries, in order.
    var order: [BuildpackGroup] { BuildpackGroup.read(orderFile) }

    // MARK: Layers

    /// The members of the builder's own layer, for a registry that the run image is in.
    func builderLayer(runImage: String, epoch: Int64) throws -> [TarEntry] {
        var entries = [
            folder("cnb"), folder("cnb/build-config"), folder("cnb/build-config/env"), folder("cnb/buildpacks"),
            folder("cnb/lifecycle"),
            try program(lifecycle, at: "cnb/lifecycle/forge-lifecycle"),
            try program(launcher, at: "cnb/lifecycle/launcher"),
        ]
        entries += Self.phases.map {
            TarEntry(name: "cnb/lifecycle/\($0)", kind: .symbolicLink(target: "forge-lifecycle"), mode: 0o777)
        }
        let parents = Set(
            files.flatMap { file in
                let parts = file.path.split(separator: "/")
                return (3..<max(3, parts.count)).map { parts.prefix($0).joined(separator: "/") }
            }
        )
        entries += parents.sorted().map { folder($0) }
        entries += files.sorted { $0.path < $1.path }.map {
            TarEntry(name: $0.path, kind: .bytes($0.bytes), mode: $0.isExecutable ? 0o755 : 0o644)
        }
        entries.append(text("cnb/order.toml", orderFile))
        entries.append(text("cnb/run.toml", "[[images]]\nimage = \"\(runImage)\"\n"))
        entries += ["layers", "platform", "platform/env", "workspace"].map { folder($0, ofBuildUser: true) }
        return entries.map { entry in
            var entry = entry
            entry.modified = epoch
            return entry
        }
    }

    /// The member of the tools image's own layer.
    func toolsLayer(epoch: Int64) throws -> [TarEntry] {
        var entry = try program(lifecycle, at: "usr/bin/forge-lifecycle")
        entry.modified = epoch
        return [folder("usr"), folder("usr/bin"), entry].map { member in
            var member = member
            member.modified = epoch
            return member
        }
    }

    private func folder(_ name: String, ofBuildUser: Bool = false) -> TarEntry {
        TarEntry(
            name: name,
            kind: .directory,
            mode: 0o755,
            uid: ofBuildUser ? Self.buildUser : 0,
            gid: ofBuildUser ? Self.group : 0
        )
    }

    private func text(_ name: String, _ text: String) -> TarEntry {
        TarEntry(name: name, kind: .bytes(Array(text.utf8)), mode: 0o644)
    }

    private func program(_ path: String, at name: String) throws -> TarEntry {
        TarEntry(name: name, kind: .file(try FileStatus(of: path).stamp, path: path), mode: 0o755)
    }
}
