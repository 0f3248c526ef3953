// SPDX-License-Identifier: Apache-2.0

import ForgeBuildpacks
import ForgeOCI
import Foundation
import Glibc
import Synchronization

@testable import ForgeLifecycle

/// A builder image's directories below one temporary folder, and phases that run in them.
final class Workbench: Sendable {
    let root: String
    let lines = Mutex<[String]>([])

    init() throws {
        root = FileManager.default.temporaryDirectory.path + "/forge-build-\(UUID().uuidString)"
        for name in ["workspace", "layers", "platform/env", "cnb/buildpacks", "cache", "home"] {
            try FileManager.default.createDirectory(atPath: "\(root)/\(name)", withIntermediateDirectories: true)
        }
        try write("cnb/launcher", "launcher\n", mode: 0o755)
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    var log: PhaseLog { PhaseLog { line in self.lines.withLock { $0.append(line) } } }
    var output: [String] { lines.withLock { $0 } }

    func write(_ name: String, _ text: String, mode: UInt32 = 0o644) throws {
        let path = "\(root)/\(name)"
        try TextFile.write(path, text)
        try SystemCallError.check("chmod", path) { chmod(path, mode) }
    }

    func read(_ name: String) throws -> String {
        String(decoding: try TextFile.bytes("\(root)/\(name)") ?? [], as: UTF8.self)
    }

    /// Installs a buildpack whose programs are shell scripts.
    func buildpack(
        _ id: String,
        api: String = "0.10",
        detect: String = "exit 0",
        build: String = "exit 0",
        more: String = ""
    ) throws {
        let directory = "cnb/buildpacks/\(id.replacing("/", with: "_"))/1"
        try write(
            directory + "/buildpack.toml",
            "api = \"\(api)\"\n[buildpack]\nid = \"\(id)\"\nversion = \"1\"\n\(more)\n"
        )
        try write(directory + "/bin/detect", "#!/bin/bash\n\(detect)\n", mode: 0o755)
        try write(directory + "/bin/build", "#!/bin/bash\nset -e\n\(build)\n", mode: 0o755)
    }

    /// Writes order.toml: one group per argument, `?` behind optional buildpacks.
    func order(_ groups: [String]...) throws {
        let text = groups.map { group in
            "[[order]]\n"
                + group.map { id in
                    let optional = id.hasSuffix("?")
                    return "[[order.group]]\nid = \"\(optional ? String(id.dropLast()) : id)\"\nversion = \"1\"\n"
                        + (optional ? "optional = true\n" : "")
                }.joined()
        }
        try write("cnb/order.toml", text.joined())
    }

    func installEmbedded() throws {
        for file in EmbeddedBuildpacks.files {
            try write("cnb/buildpacks/\(file.path)", file.contents, mode: file.mode)
        }
        try write("cnb/order.toml", EmbeddedBuildpacks.order)
    }

    /// The flags that put every place below the root.
    var flags: [String] {
        [
            "-app", root + "/workspace", "-layers", root + "/layers", "-platform", root + "/platform", "-buildpacks",
            root + "/cnb/buildpacks", "-order", root + "/cnb/order.toml", "-cache-dir", root + "/cache", "-launcher",
            root + "/cnb/launcher", "-build-config", root + "/cnb/build-config",
        ]
    }

    func settings(_ more: [String] = [], environment: [String: String] = [:]) throws -> PhaseSettings {
        let base = ["CNB_PLATFORM_API": "0.14", "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]
        return try PhaseSettings(flags + more, environment: base.merging(environment) { $1 })
    }

    func detect(_ more: [String] = [], environment: [String: String] = [:]) async throws {
        try await DetectorPhase(settings(more, environment: environment), log: log).run()
    }

    func build(environment: [String: String] = [:]) async throws {
        var phase = try BuilderPhase(settings(environment: environment), log: log)
        try await phase.run()
    }

    var group: [String] {
        get throws { try BuildpackGroup.read(root + "/layers/group.toml").group.map(\.id) }
    }

    /// Removes what one build left, as a new pod would not have it.
    func clear() throws {
        try TextFile.remove("\(root)/layers")
        try TextFile.makeDirectory("\(root)/layers")
    }
}
