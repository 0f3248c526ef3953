// SPDX-License-Identifier: Apache-2.0

import ForgeLaunch
import ForgeOCI
import FoundationEssentials

/// Turns the run image's configuration into the app image's (platform specification, exporter, image configuration).
struct ExportedConfig {
    static let defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    private let settings: PhaseSettings
    private let metadata: BuildMetadataFile

    init(_ settings: PhaseSettings, metadata: BuildMetadataFile) {
        self.settings = settings
        self.metadata = metadata
    }

    /// When the image counts as made: `SOURCE_DATE_EPOCH`, else a moment that is always the same.
    func created() throws -> String {
        guard let text = settings.environment["SOURCE_DATE_EPOCH"], !text.isEmpty else {
            return Self.date(LayerArchive.modified)
        }
        guard let seconds = Int64(text), (0...253_402_300_799).contains(seconds) else {
            throw PhaseError(PhaseError.Code.arguments, "SOURCE_DATE_EPOCH '\(text)' is not a number of seconds")
        }
        return Self.date(seconds)
    }

    /// Sets everything but the layers.
    func apply(to config: inout ImageConfig, label: ImageMetadata) throws {
        config.created = try created()
        config.entrypoint = [try entrypoint()]
        config.command = nil
        config.workingDirectory = settings.app
        let path = config.variable("PATH") ?? Self.defaultPath
        config.setVariable("PATH", to: "\(ExportLayers.processDirectory):/cnb/lifecycle:\(path)")
        config.setVariable("CNB_LAYERS_DIR", to: settings.layers)
        config.setVariable("CNB_APP_DIR", to: settings.app)
        config.setVariable("CNB_PLATFORM_API", to: settings.platformAPI)
        config.setVariable("CNB_DEPRECATION_MODE", to: "quiet")
        var labels = config.labels
        for entry in metadata.labels { labels[entry.key] = entry.value }
        labels["io.buildpacks.lifecycle.metadata"] = try Self.json(label.value(.json))
        labels["io.buildpacks.build.metadata"] = try Self.json(buildMetadata)
        labels["io.buildpacks.project.metadata"] = try Self.json(
            TOMLText.read(settings.projectMetadata) ?? .object([:])
        )
        if settings.platformAPI == "0.15" { labels["io.buildpacks.exec-env"] = settings.execEnvironment }
        config.labels = labels
    }

    /// The process that starts by default, or the launcher itself when there is none.
    private func entrypoint() throws -> String {
        guard let type = settings[.processType] ?? metadata.defaultType else { return ExportLayers.launcherPath }
        guard metadata.processes.contains(where: { $0.type == type }) else {
            let known = metadata.processes.map(\.type).joined(separator: ", ")
            throw PhaseError(
                PhaseError.Code.export,
                "there is no process type '\(type)'; the image has \(known.isEmpty ? "none" : known)"
            )
        }
        return "\(ExportLayers.processDirectory)/\(type)"
    }

    /// The label `io.buildpacks.build.metadata`.
    private var buildMetadata: JSONValue {
        var document: [String: JSONValue] = [
            "buildpacks": .array(
                metadata.buildpacks.map { entry in
                    var fields: [String: JSONValue] = ["id": .string(entry.id), "version": .string(entry.version)]
                    fields["homepage"] = entry.homepage.map(JSONValue.string)
                    return .object(fields)
                }
            ),
            "launcher": .object(["version": .string(Lifecycle.version)]),
            "processes": .array(metadata.processes.map(Self.process)),
        ]
        document["buildpack-default-process-type"] = metadata.defaultType.map(JSONValue.string)
        return .object(document)
    }

    private static func process(_ process: LaunchProcess) -> JSONValue {
        .object([
            "type": .string(process.type),
            "command": .array(process.command.map(JSONValue.string)),
            "args": .array(process.args.map(JSONValue.string)),
            "direct": .bool(process.direct),
            "buildpackID": .string(process.buildpackID),
        ])
    }

    private static func json(_ value: JSONValue) throws -> String {
        String(decoding: try CanonicalJSON.encode(value), as: UTF8.self)
    }

    /// Seconds since 1970 in RFC 3339.
    static func date(_ seconds: Int64) -> String {
        Date(timeIntervalSince1970: TimeInterval(seconds)).ISO8601Format()
    }
}
