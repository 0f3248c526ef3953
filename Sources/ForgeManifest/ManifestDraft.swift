// SPDX-License-Identifier: Apache-2.0

import ForgeModel

/// What forge.yaml says by itself, before the Procfile and the defaults are put in.
struct ManifestDraft {
    var name: AppName?
    var build = BuildSettings()
    var env: [String: String] = [:]
    var releaseCommand: String?
    var processes: [ProcessType: ProcessDraft] = [:]
    var drift = DriftPolicy.repair

    /// One entry of `processes`; nil is what forge.yaml leaves out.
    struct ProcessDraft {
        var command: String?
        var instances: Int?
        var cpu: CPU?
        var memory: Memory?
        var port: Int?
        var healthcheck: Healthcheck?
    }

    /// The whole manifest (specs/procfile.md §4), or nil without a name.
    func manifest(with procfile: Procfile) -> AppManifest? {
        guard let name else { return nil }
        var release = releaseCommand.map(ProcessCommand.shell)
        var settings: [ProcessType: ProcessSettings] = [:]
        for type in procfile.types {
            if type == .release {
                release = release ?? .image
            } else {
                settings[type] = .defaults(for: type)
            }
        }
        for (type, draft) in processes {
            settings[type] = draft.settings(for: type)
        }
        return AppManifest(
            name: name,
            build: build,
            env: env,
            release: release,
            processes: settings,
            drift: drift
        )
    }
}

extension ManifestDraft.ProcessDraft {
    /// The entry with the defaults of its type. Without a command the image's own process runs, which the Procfile
    /// or a buildpack put there.
    func settings(for type: ProcessType) -> ProcessSettings {
        var settings = ProcessSettings.defaults(for: type)
        settings.command = command.map(ProcessCommand.shell) ?? settings.command
        settings.instances = instances ?? settings.instances
        settings.resources.cpu = cpu ?? settings.resources.cpu
        settings.resources.memory = memory ?? settings.resources.memory
        settings.port = port ?? settings.port
        settings.healthcheck = healthcheck ?? settings.healthcheck
        return settings
    }
}
