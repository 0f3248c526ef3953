// SPDX-License-Identifier: Apache-2.0

/// What forge.yaml and the Procfile say, parsed and checked; the first noun of the pipeline (specs/forge-yaml.md).
package struct AppManifest: Hashable, Sendable, Codable {
    /// The app's name.
    package var name: AppName
    /// How the image is made.
    package var build: BuildSettings
    /// The configuration: environment variables of every process and of the release command.
    package var env: [String: String]
    /// What runs once before a new release gets traffic.
    package var release: ProcessCommand?
    /// The process types that forge.yaml or the Procfile name; a buildpack may know more (specs/plan.md §6).
    package var processes: [ProcessType: ProcessSettings]
    /// What happens to what is changed outside of the platform while nothing is deployed.
    package var drift: DriftPolicy

    /// Holds a checked manifest.
    package init(
        name: AppName,
        build: BuildSettings = BuildSettings(),
        env: [String: String] = [:],
        release: ProcessCommand? = nil,
        processes: [ProcessType: ProcessSettings] = [:],
        drift: DriftPolicy = .repair
    ) {
        self.name = name
        self.build = build
        self.env = env
        self.release = release
        self.processes = processes
        self.drift = drift
    }

    /// Reads a manifest; one that was stored before there was a drift policy is repaired.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(AppName.self, forKey: .name)
        build = try container.decode(BuildSettings.self, forKey: .build)
        env = try container.decode([String: String].self, forKey: .env)
        release = try container.decodeIfPresent(ProcessCommand.self, forKey: .release)
        processes = try container.decode([ProcessType: ProcessSettings].self, forKey: .processes)
        drift = try container.decodeIfPresent(DriftPolicy.self, forKey: .drift) ?? .repair
    }

    /// Every process type with its settings, once it is known which ones the image brings: those that nobody configured
    /// get the defaults, and the release command is none of them.
    package func processes(with image: [ProcessType]) -> [ProcessType: ProcessSettings] {
        var settings = processes
        for type in image where settings[type] == nil && type != .release { settings[type] = .defaults(for: type) }
        return settings
    }
}

/// What the loop does about fields of a settled app that someone else changed (specs/forge-yaml.md §3.8).
package enum DriftPolicy: String, Sendable, Codable, CaseIterable {
    /// It sets them back.
    case repair
    /// It reports them and leaves them as they are; the next deploy sets them back.
    case report
}

/// The `build` block of forge.yaml.
package struct BuildSettings: Hashable, Sendable, Codable {
    /// The folder that is built, relative to forge.yaml, normalised; `.` is the whole tree.
    package var path: String
    /// Variables that buildpacks see, kept apart from the run-time environment.
    package var env: [String: String]

    /// Holds build settings.
    package init(path: String = ".", env: [String: String] = [:]) {
        self.path = path
        self.env = env
    }
}

/// How a process or the release command is started.
package enum ProcessCommand: Hashable, Sendable, Codable {
    /// The image's own process of that type (`/cnb/process/<type>`): from the Procfile or a buildpack.
    case image
    /// A shell line of forge.yaml; the launcher runs it with bash.
    case shell(String)
}

/// One entry of `processes`.
package struct ProcessSettings: Hashable, Sendable, Codable {
    /// How it is started.
    package var command: ProcessCommand
    /// How many containers run; 0 stops the process type.
    package var instances: Int
    /// The bounds of each container.
    package var resources: Resources
    /// The port it listens on, given to it as PORT; only the web process has one.
    package var port: Int?
    /// When a container counts as ready.
    package var healthcheck: Healthcheck

    /// Holds settings; `defaults(for:)` fills in what a manifest leaves out.
    package init(
        command: ProcessCommand,
        instances: Int,
        resources: Resources = Resources(),
        port: Int? = nil,
        healthcheck: Healthcheck = .none
    ) {
        self.command = command
        self.instances = instances
        self.resources = resources
        self.port = port
        self.healthcheck = healthcheck
    }

    /// What a process type gets that nobody configured: web runs once on 8080, others do not run (specs/procfile.md §4).
    package static func defaults(for type: ProcessType) -> ProcessSettings {
        type == .web
            ? ProcessSettings(
                command: .image,
                instances: 1,
                port: 8080,
                healthcheck: .tcp(grace: Healthcheck.defaultGrace)
            )
            : ProcessSettings(command: .image, instances: 0)
    }
}

/// When a container counts as ready.
package enum Healthcheck: Hashable, Sendable, Codable {
    /// As soon as it runs.
    case none
    /// When its port accepts a connection.
    case tcp(grace: TimeSpan)
    /// When GET of the path answers 200 to 399.
    case http(path: String, grace: TimeSpan)

    /// How long a container may take to become ready when the manifest does not say.
    package static let defaultGrace = TimeSpan(seconds: 60)

    /// How long a container may take to become ready before the rollout fails.
    package var grace: TimeSpan {
        switch self {
        case .none: Self.defaultGrace
        case .tcp(let grace), .http(_, let grace): grace
        }
    }
}
